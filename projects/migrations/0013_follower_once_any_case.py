from django.db import migrations, models
from django.db.models.functions import Lower


def keep_one_of_each(apps, schema_editor):
    """The same address in other capitals is the same person; one of their rows that was stopped
    stays, so that nobody hears again of what they did not want to hear of."""
    seen = set()
    followers = apps.get_model("projects", "IdeaFollower").objects.all()
    for follower in followers.order_by(models.F("stopped_at").asc(nulls_last=True), "pk"):
        key = (follower.idea_id, follower.email.lower())
        if key in seen:
            follower.delete()
        seen.add(key)


class Migration(migrations.Migration):
    dependencies = [("projects", "0012_worksheet")]

    operations = [
        migrations.RunPython(keep_one_of_each, migrations.RunPython.noop, elidable=True),
        migrations.RemoveConstraint("ideafollower", "idea_follower_once"),
        migrations.AddConstraint(
            "ideafollower",
            models.UniqueConstraint("idea", Lower("email"), name="idea_follower_once_any_case"),
        ),
    ]

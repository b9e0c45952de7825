import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("actors", "0007_introduction"),
    ]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="lacking",
            field=models.JSONField(default=dict, help_text="Categories without any row in the file: how many known actors they have."),
        ),
        migrations.AddField(
            model_name="importrun",
            name="mends",
            field=models.ForeignKey(blank=True, help_text="This file brings only mended rows of that import: nothing is missing in it.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name="mended_by", to="actors.importrun"),
        ),
        migrations.AddField(
            model_name="sourcerecord",
            name="checked_at",
            field=models.DateTimeField(blank=True, help_text="Somebody looked: it is still there.", null=True, verbose_name="checked at"),
        ),
        migrations.AddField(
            model_name="sourcerecord",
            name="missing_since",
            field=models.DateTimeField(blank=True, help_text="The first whole file that lacks it.", null=True, verbose_name="missing since"),
        ),
        migrations.AddIndex(
            model_name="sourcerecord",
            index=models.Index(condition=models.Q(("missing_since__isnull", False)), fields=["missing_since"], name="source_record_missing"),
        ),
    ]

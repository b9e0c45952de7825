from django.db import migrations
from django.utils import timezone


def take_over(apps, schema_editor):
    """Who was listed before had agreed: when is no longer known, so the note says so."""
    actor, consent = apps.get_model("actors", "Actor"), apps.get_model("actors", "Consent")
    listed = actor.objects.filter(is_public=True).exclude(kind="person").order_by("pk")
    rows = (
        consent(
            actor_id=pk,
            purpose="directory",
            text_version="taken over",
            given_on=timezone.localdate(since),
            source="taken over from the former mark of the actor",
        )
        for pk, since in listed.values_list("pk", "created_at").iterator()
    )
    consent.objects.bulk_create(rows, batch_size=1000)


def give_back(apps, schema_editor):
    actor, consent = apps.get_model("actors", "Actor"), apps.get_model("actors", "Consent")
    agreed = consent.objects.filter(purpose="directory", withdrawn_on__isnull=True)
    actor.objects.filter(pk__in=agreed.values("actor")).exclude(kind="person").update(
        is_public=True
    )


class Migration(migrations.Migration):
    dependencies = [("actors", "0008_exchange_comes_again")]
    operations = [migrations.RunPython(take_over, give_back)]

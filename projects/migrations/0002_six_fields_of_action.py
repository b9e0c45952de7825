from django.db import migrations

# The goal areas of the federal programme "Lebendige Zentren"; a town renames them as it likes.
FIELDS_OF_ACTION = [
    "Funktionsvielfalt und Versorgungssicherheit",
    "Soziale Kohäsion",
    "Aufwertung des öffentlichen Raumes",
    "Stadtbaukultur",
    "Stadtverträgliche Mobilität",
    "Partnerschaftliche Zusammenarbeit",
]


def add_fields_of_action(apps, schema_editor):
    model = apps.get_model("projects", "FieldOfAction")
    model.objects.bulk_create(
        model(name=name, position=position) for position, name in enumerate(FIELDS_OF_ACTION, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_squashed_0004_milestone_once")]

    operations = [migrations.RunPython(add_fields_of_action, migrations.RunPython.noop)]

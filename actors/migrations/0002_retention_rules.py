from django.db import migrations

LAW = "Art. 6 Abs. 1 Buchst. e DSGVO (Aufgabe im öffentlichen Interesse) mit dem Landesdatenschutzgesetz"
RULES = [
    {
        "data_class": "contact",
        "months": 36,
        "action": "anonymise",
        "purpose": "Akteure des Zentrums kennen, ansprechen und miteinander vernetzen.",
        "legal_basis": f"{LAW}; für das öffentliche Verzeichnis Art. 6 Abs. 1 Buchst. a DSGVO",
        "recipients": "Zentrenmanagement und Anlaufstelle; mit Einwilligung die Öffentlichkeit",
    },
    {
        "data_class": "case",
        "months": 60,
        "action": "offer",
        "purpose": "Anliegen und Ideen entgegennehmen, beantworten und ihren Verlauf nachweisen.",
        "legal_basis": f"{LAW}; Anbietungspflicht nach dem Landesarchivgesetz",
        "recipients": "Zentrenmanagement, bei Weiterleitung das zuständige Amt",
    },
    {
        "data_class": "draft",
        "months": 6,
        "action": "delete",
        "purpose": "Angefangene Antworten nicht verlieren.",
        "legal_basis": LAW,
        "recipients": "",
    },
    {
        "data_class": "mail",
        "months": 24,
        "action": "anonymise",
        "purpose": "Nachweisen, wem wann geantwortet wurde.",
        "legal_basis": LAW,
        "recipients": "die angeschriebenen Personen; Betreiber des Mailservers",
    },
    {
        "data_class": "visit",
        "months": 36,
        "action": "delete",
        "purpose": "Kontakt zu den Akteuren halten und Zusagen einlösen.",
        "legal_basis": LAW,
        "recipients": "Zentrenmanagement und Anlaufstelle",
    },
]


def add_rules(apps, schema_editor):
    rule = apps.get_model("actors", "RetentionRule")
    for values in RULES:
        rule.objects.get_or_create(data_class=values["data_class"], defaults=values)


class Migration(migrations.Migration):
    replaces = [("actors", "0015_retention_rules")]
    dependencies = [("actors", "0001_squashed_0018_phone_key_index")]
    operations = [migrations.RunPython(add_rules, migrations.RunPython.noop)]

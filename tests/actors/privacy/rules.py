from actors.models import RetentionRule

ACTIONS = {"contact": "anonymise", "case": "offer", "mail": "anonymise"}


def rule_of(data_class, **values):
    """The rule of a class: the migration's, or a new one where a test has emptied the tables."""
    defaults = {
        "months": 60,
        "action": ACTIONS.get(data_class, "delete"),
        "purpose": "Zweck",
        "legal_basis": "Gesetz",
    }
    rule, _created = RetentionRule.objects.get_or_create(data_class=data_class, defaults=defaults)
    for name, value in values.items():
        setattr(rule, name, value)
    rule.save()
    return rule

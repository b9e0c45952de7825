"""The invented staff of the demo town and how they sign in."""

from zentrum.accounts.roles import Role

PASSWORD = "birkenfurt"  # noqa: S105 - printed by `manage.py up`, for the demo only
DOMAIN = "birkenfurt.example"

PEOPLE = [
    (f"leitung@{DOMAIN}", "Mareike Sonnleitner", Role.MANAGER),
    (f"vertretung@{DOMAIN}", "Tobias Falkenrath", Role.DEPUTY),
    (f"tresen@{DOMAIN}", "Ayla Demirkan", Role.DESK),
    (f"stadt@{DOMAIN}", "Holger Brinkmeier", Role.CITY),
    (f"gremium@{DOMAIN}", "Renate Öhlschläger", Role.BODY_MEMBER),
    (f"technik@{DOMAIN}", "Igor Petersen", Role.TECHNICAL),
]

"""Consents of the demo town's businesses, a few withdrawn, and what the night proposes to delete."""

from datetime import timedelta

from actors.models import Actor, Consent
from zentrum.local.demo.office import Office

SOURCES = ("Formular in der Sprechstunde", "E-Mail", "Unterschrift beim Händlerfrühstück")
Purpose = Consent.Purpose


def build_privacy(office: Office, businesses: list[Actor]) -> None:
    """Three of four businesses stand in the public directory, every second of them with contact."""
    consents = []
    for number, actor in enumerate(businesses):
        if number % 4 == 0:
            continue
        consents.append(_consent(office, actor, number, Purpose.DIRECTORY))
        if number % 2:
            consents.append(_consent(office, actor, number, Purpose.CONTACT_DATA))
    for consent in consents[8:60:17]:
        consent.withdrawn_on = office.today - timedelta(days=consent.actor_id % 40 + 3)
    Consent.objects.bulk_create(consents)


def _consent(office: Office, actor: Actor, number: int, purpose: str) -> Consent:
    return Consent(
        actor=actor,
        purpose=purpose,
        text_version="Formular Mai 2026" if number % 3 else "Formular 2024",
        given_on=office.today - timedelta(days=60 + number * 5),
        source=SOURCES[number % len(SOURCES)],
    )

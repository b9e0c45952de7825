"""Consents of the demo town's businesses, a few withdrawn, and what the night proposes to delete."""

from datetime import timedelta

from django.utils import timezone

from actors.models import Actor, Consent, Disclosure, Visit
from actors.privacy.preparing import put_together
from actors.privacy.retention import propose
from zentrum.accounts.roles import Role
from zentrum.local.demo.office import Office

SOURCES = ("Formular in der Sprechstunde", "E-Mail", "Unterschrift beim Händlerfrühstück")
FORGOTTEN = (("Marga", "Wiesengrund"), ("Otto", "Federgras"))
Purpose = Consent.Purpose


def build_privacy(office: Office, businesses: list[Actor]) -> None:
    """Seven of eight businesses stand in the public directory, every second of them with contact."""
    consents = []
    for number, actor in enumerate(businesses):
        if number % 8 == 0:
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


def build_proposals(office: Office) -> None:
    """What the night found: two people of whom nothing was heard for years, and two old visits."""
    past = timezone.now() - timedelta(days=1300)
    for given_name, name in FORGOTTEN:
        Actor.objects.create(
            kind=Actor.Kind.PERSON, given_name=given_name, name=name, centre=office.centres[0]
        )
    names = [name for _given_name, name in FORGOTTEN]
    Actor.objects.filter(name__in=names).update(created_at=past, updated_at=past)
    shops = Actor.objects.filter(kind=Actor.Kind.ORGANISATION, centre=office.centres[0])
    user = next(iter(office.staff.values()))
    Visit.objects.bulk_create(
        Visit(actor=shop, user=user, visited_at=past, text="Fragt nach der Marktbeleuchtung.")
        for shop in shops.order_by("pk")[3:5]
    )
    propose(office.today)
    _tell(office)


def _tell(office: Office) -> None:
    """The first person of the centre has asked what is kept; the file waits to be downloaded."""
    people = Actor.objects.filter(kind=Actor.Kind.PERSON, centre=office.centres[0])
    row = Disclosure.objects.create(actor=people.order_by("pk")[0], by=office.staff[Role.MANAGER])
    put_together(row.pk)

from datetime import UTC, date, datetime

import factory
from factory.django import DjangoModelFactory

from actors.bodies.models import Group
from actors.models import (
    Actor,
    Address,
    Body,
    Consent,
    ContactPerson,
    EmailAddress,
    Handover,
    ImportRun,
    PhoneNumber,
    Relation,
    RetentionProposal,
    RetentionRule,
    Round,
    Seat,
    Sector,
    SourceRecord,
    Visit,
)
from tests.factories.office import CentreFactory, UserFactory


class SectorFactory(DjangoModelFactory):
    class Meta:
        model = Sector

    name = factory.Sequence(lambda n: f"Branche {n}")
    slug = factory.Sequence(lambda n: f"branche-{n}")


class ActorFactory(DjangoModelFactory):
    class Meta:
        model = Actor

    kind = Actor.Kind.ORGANISATION
    name = factory.Sequence(lambda n: f"Laden {n}")
    centre = factory.SubFactory(CentreFactory)


class AddressFactory(DjangoModelFactory):
    class Meta:
        model = Address

    actor = factory.SubFactory(ActorFactory)
    street = factory.Sequence(lambda n: f"Turmstraße {n}")
    postcode = "10551"
    town = "Berlin"


class EmailAddressFactory(DjangoModelFactory):
    class Meta:
        model = EmailAddress

    actor = factory.SubFactory(ActorFactory)
    email = factory.Sequence(lambda n: f"laden{n}@example.org")


class PhoneNumberFactory(DjangoModelFactory):
    class Meta:
        model = PhoneNumber

    actor = factory.SubFactory(ActorFactory)
    number = factory.Sequence(lambda n: f"030 {n}")


class RelationFactory(DjangoModelFactory):
    class Meta:
        model = Relation

    actor = factory.SubFactory(ActorFactory)
    kind = Relation.Kind.WORKS_FOR
    other = factory.SubFactory(ActorFactory)


class SourceRecordFactory(DjangoModelFactory):
    class Meta:
        model = SourceRecord

    source = "osm"
    external_id = factory.Sequence(lambda n: f"node/{n}")
    actor = factory.SubFactory(ActorFactory)
    fingerprint = "0" * 64
    last_seen_at = datetime(2026, 11, 1, tzinfo=UTC)


class ConsentFactory(DjangoModelFactory):
    class Meta:
        model = Consent

    actor = factory.SubFactory(ActorFactory)
    purpose = Consent.Purpose.DIRECTORY
    text_version = "Formular Mai 2026"
    given_on = date(2026, 5, 4)
    source = "Formular"


class ImportRunFactory(DjangoModelFactory):
    class Meta:
        model = ImportRun

    source = "osm"
    file_name = "osm.csv"
    centre = factory.SubFactory(CentreFactory)


class BodyFactory(DjangoModelFactory):
    class Meta:
        model = Body

    actor = factory.SubFactory(ActorFactory, kind=Actor.Kind.BODY)
    kind = Body.Kind.STEERING_GROUP


class SeatFactory(DjangoModelFactory):
    class Meta:
        model = Seat

    body = factory.SubFactory(BodyFactory)
    person = factory.SubFactory(ActorFactory, kind=Actor.Kind.PERSON)
    group = Group.TRADE
    starts_on = date(2026, 1, 1)


class ContactPersonFactory(DjangoModelFactory):
    class Meta:
        model = ContactPerson

    actor = factory.SubFactory(ActorFactory)
    user = factory.SubFactory(UserFactory)
    starts_on = date(2026, 1, 1)


class HandoverFactory(DjangoModelFactory):
    class Meta:
        model = Handover

    centre = factory.SubFactory(CentreFactory)
    to_user = factory.SubFactory(UserFactory)
    by = factory.SubFactory(UserFactory)
    on = date(2026, 6, 1)


class RoundFactory(DjangoModelFactory):
    class Meta:
        model = Round

    centre = factory.SubFactory(CentreFactory)
    user = factory.SubFactory(UserFactory)
    on = date(2026, 11, 23)


class VisitFactory(DjangoModelFactory):
    class Meta:
        model = Visit

    actor = factory.SubFactory(ActorFactory)
    user = factory.SubFactory(UserFactory)


class RetentionRuleFactory(DjangoModelFactory):
    """The rule of a class of data: that of the migration, if it is there."""

    class Meta:
        model = RetentionRule
        django_get_or_create = ("data_class",)

    data_class = RetentionRule.DataClass.VISIT
    months = 36
    action = RetentionRule.Action.DELETE
    purpose = "Kontakt halten"
    legal_basis = "Satzung"


class RetentionProposalFactory(DjangoModelFactory):
    class Meta:
        model = RetentionProposal

    rule = factory.SubFactory(RetentionRuleFactory)
    centre = factory.SubFactory(CentreFactory)
    row = factory.Sequence(lambda n: n + 1)
    label = factory.Sequence(lambda n: f"Vorschlag {n}")
    due_on = date(2026, 5, 4)

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from actors.models import (
    Actor,
    Address,
    EmailAddress,
    ImportRun,
    PhoneNumber,
    Relation,
    Sector,
    SourceRecord,
)
from tests.factories.office import CentreFactory


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
    external_id = factory.Sequence(str)
    actor = factory.SubFactory(ActorFactory)
    fingerprint = "0" * 64
    last_seen_at = datetime(2026, 11, 1, tzinfo=UTC)


class ImportRunFactory(DjangoModelFactory):
    class Meta:
        model = ImportRun

    source = "osm"
    file_name = "osm.csv"
    centre = factory.SubFactory(CentreFactory)

import factory
from factory.django import DjangoModelFactory

from actors.models import Actor, Address, EmailAddress, Sector
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

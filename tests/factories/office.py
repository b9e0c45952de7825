from datetime import date, time

import factory
from factory.django import DjangoModelFactory

from zentrum.accounts.models import User
from zentrum.accounts.roles import Role
from zentrum.office.models import Carrier, Centre, Mandate, OfficeHours, Town


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")


class TownFactory(DjangoModelFactory):
    """One town per database: asks for the existing one first."""

    class Meta:
        model = Town
        django_get_or_create = ("name",)

    name = "Musterstadt"
    land = "BE"
    promise_days = 5


class CarrierFactory(DjangoModelFactory):
    class Meta:
        model = Carrier

    name = factory.Sequence(lambda n: f"Träger {n}")
    kind = Carrier.Kind.CONTRACTOR


class CentreFactory(DjangoModelFactory):
    class Meta:
        model = Centre

    town = factory.SubFactory(TownFactory)
    carrier = factory.SubFactory(CarrierFactory)
    name = factory.Sequence(lambda n: f"Zentrum {n}")
    slug = factory.Sequence(lambda n: f"zentrum-{n}")


class OfficeHoursFactory(DjangoModelFactory):
    class Meta:
        model = OfficeHours

    centre = factory.SubFactory(CentreFactory)
    weekday = 0
    opens_at = time(9)
    closes_at = time(17)


class MandateFactory(DjangoModelFactory):
    class Meta:
        model = Mandate

    user = factory.SubFactory(UserFactory)
    role = Role.MANAGER
    centre = factory.SubFactory(CentreFactory)
    carrier = factory.SelfAttribute("centre.carrier")
    starts_on = date(2020, 1, 1)

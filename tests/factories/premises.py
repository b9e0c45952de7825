from datetime import date

import factory
from factory.django import DjangoModelFactory

from actors.models import Occupancy, Sighting, SpaceRequest, Unit, Walk
from tests.factories.actors import ActorFactory
from tests.factories.office import CentreFactory, UserFactory


class UnitFactory(DjangoModelFactory):
    class Meta:
        model = Unit

    centre = factory.SubFactory(CentreFactory)
    street = "Turmstraße"
    number = factory.Sequence(str)
    latitude = 52.526
    longitude = 13.341


class OccupancyFactory(DjangoModelFactory):
    class Meta:
        model = Occupancy

    unit = factory.SubFactory(UnitFactory)
    state = Occupancy.State.TRADING
    starts_on = date(2024, 1, 1)


class SpaceRequestFactory(DjangoModelFactory):
    class Meta:
        model = SpaceRequest

    centre = factory.SubFactory(CentreFactory)
    actor = factory.SubFactory(ActorFactory)


class WalkFactory(DjangoModelFactory):
    class Meta:
        model = Walk

    centre = factory.SubFactory(CentreFactory)
    walked_on = date(2026, 6, 1)
    by = factory.SubFactory(UserFactory)


class SightingFactory(DjangoModelFactory):
    class Meta:
        model = Sighting

    walk = factory.SubFactory(WalkFactory)
    unit = factory.SubFactory(UnitFactory)
    state = Occupancy.State.TRADING

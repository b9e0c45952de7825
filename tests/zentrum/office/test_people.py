from datetime import date

import pytest
from django.core.exceptions import ValidationError

from tests.factories.office import CentreFactory, MandateFactory, UserFactory
from zentrum.accounts.roles import Role
from zentrum.office import people
from zentrum.office.models import Absence

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


def away(user, deputy, day=DAY):
    Absence.objects.create(user=user, deputy=deputy, starts_on=day, ends_on=day)


def test_the_owner_is_the_manager_then_the_deputy_then_the_desk():
    centre = CentreFactory()
    desk = MandateFactory(centre=centre, role=Role.DESK)
    assert people.owner_for(centre, DAY) == desk.user
    deputy = MandateFactory(centre=centre, role=Role.DEPUTY)
    assert people.owner_for(centre, DAY) == deputy.user
    manager = MandateFactory(centre=None, carrier=centre.carrier, role=Role.MANAGER)
    assert people.owner_for(centre, DAY) == manager.user


@pytest.mark.parametrize(
    "mandate",
    [
        {"role": Role.CITY},
        {"ends_on": date(2026, 11, 22)},
        {"starts_on": date(2026, 11, 24)},
        {"user__is_active": False},
    ],
)
def test_nobody_else_owns(mandate):
    centre = CentreFactory()
    MandateFactory(**{"centre": centre} | mandate)
    MandateFactory()  # of another carrier

    with pytest.raises(ValidationError) as refusal:
        people.owner_for(centre, DAY)

    assert refusal.value.code == "nobody"


def test_the_deputy_acts_while_somebody_is_away():
    anna, ben, cem = UserFactory.create_batch(3)
    assert people.deputy_of(anna, DAY) == anna
    away(anna, ben)
    assert people.deputy_of(anna, DAY) == ben
    assert people.deputy_of(anna, date(2026, 11, 24)) == anna
    away(ben, cem)
    assert people.deputy_of(anna, DAY) == cem


def test_deputies_of_each_other_stay_themselves():
    anna, ben = UserFactory.create_batch(2)
    away(anna, ben)
    away(ben, anna)

    assert people.deputy_of(anna, DAY) == anna


def test_a_deputy_who_left_does_not_act():
    anna, ben = UserFactory(), UserFactory(is_active=False)
    away(anna, ben)

    assert people.deputy_of(anna, DAY) == anna


def test_colleagues_are_the_office_staff_of_the_carrier_here():
    centre = CentreFactory()
    one = MandateFactory(centre=centre, role=Role.DESK, user__name="B").user
    two = MandateFactory(centre=None, carrier=centre.carrier, user__name="A").user
    MandateFactory(centre=centre, role=Role.CITY)
    MandateFactory(centre=CentreFactory(carrier=centre.carrier))
    MandateFactory(centre=centre, carrier=CentreFactory().carrier)
    MandateFactory(centre=centre, ends_on=date(2020, 12, 31))

    assert list(people.colleagues(centre.carrier, centre)) == [two, one]

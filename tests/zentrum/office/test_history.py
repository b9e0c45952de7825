"""Every change is kept with who acted and for which carrier."""

import pytest
from django.urls import reverse
from pghistory.models import Context

from tests.factories.office import CentreFactory
from zentrum.accounts.roles import Role
from zentrum.office.models import Centre

pytestmark = pytest.mark.django_db(transaction=True)


def events(centre):
    model = Centre.pgh_event_model
    return model.objects.filter(pgh_obj_id=centre.pk).order_by("pgh_id")


def test_a_change_through_a_page_is_kept_with_person_and_carrier(client, sign_in):
    centre = CentreFactory(name="Altstadt")
    manager = sign_in(Role.MANAGER, centre=centre)

    client.post(
        reverse("office:centre_update", args=[centre.pk]),
        {
            "name": "Neustadt",
            "carrier": centre.carrier.pk,
            "office_hours-TOTAL_FORMS": 0,
            "office_hours-INITIAL_FORMS": 0,
        },
    )

    last = events(centre).last()
    assert (last.name, last.pgh_label) == ("Neustadt", "update")
    context = Context.objects.get(pk=last.pgh_context_id)
    assert context.metadata["user"] == manager.pk
    assert context.metadata["carriers"] == [centre.carrier.pk]


def test_a_change_past_the_model_is_kept_too():
    centre = CentreFactory(name="Altstadt")

    Centre.objects.filter(pk=centre.pk).update(name="Neustadt")

    rows = [(event.pgh_label, event.name) for event in events(centre)]
    assert rows == [("insert", "Altstadt"), ("update", "Neustadt")]

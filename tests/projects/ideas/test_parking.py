"""Parked ideas come back on their day: asked for, shown on the list, never twice."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from projects.ideas import history, services
from projects.models import Idea
from tests.factories.office import CentreFactory, UserFactory
from tests.factories.projects import IdeaFactory
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def parked(centre, by, returns_on, **fields):
    fields = {"state": "parked", "reason": "Erst das Glasfaser", "centre": centre, **fields}
    return IdeaFactory(returns_on=returns_on, parked_by=by, **fields)


def test_parking_notes_the_day_and_who_parked_it():
    idea, by = IdeaFactory(state="in_review"), UserFactory()
    day = timezone.localdate() + 30 * DAY

    services.move_idea(idea, to="parked", by=by, reason="Später", returns_on=day)

    assert (idea.state, idea.returns_on, idea.parked_by) == ("parked", day, by)


@pytest.mark.parametrize("days", [None, -1, 0, 5 * 366 + 1])
def test_parking_needs_a_day_to_come(days):
    idea = IdeaFactory(state="in_review")
    day = None if days is None else timezone.localdate() + days * DAY

    with pytest.raises(ValidationError) as refusal:
        services.move_idea(idea, to="parked", by=UserFactory(), reason="Später", returns_on=day)

    assert list(refusal.value.error_dict) == ["returns_on"]
    assert Idea.objects.get().state == "in_review"


def test_an_idea_that_goes_on_comes_back_no_more():
    by = UserFactory()
    idea = parked(CentreFactory(), by, timezone.localdate())

    services.move_idea(idea, to="in_review", by=by)

    assert idea.returns_on is None


def test_a_parked_idea_may_be_parked_until_another_day():
    by = UserFactory()
    idea = parked(CentreFactory(), UserFactory(), timezone.localdate())
    later = timezone.localdate() + 90 * DAY

    services.move_idea(idea, to="parked", by=by, reason="Noch nicht", returns_on=later)

    assert (idea.returns_on, idea.parked_by) == (later, by)
    assert len({entry.title for entry in history.of(idea)}) == 2


@pytest.mark.parametrize(
    "fields", [{"state": "in_review"}, {"state": "parked", "reason": "x", "parked_by": None}]
)
def test_the_database_knows_of_no_other_return(fields):
    with pytest.raises(IntegrityError):
        IdeaFactory(**{"returns_on": date(2026, 12, 1), "parked_by": UserFactory(), **fields})


def test_the_form_asks_for_the_day(client, sign_in):
    centre = CentreFactory()
    sign_in(Role.MANAGER, centre=centre)
    idea = IdeaFactory(state="in_review", centre=centre)
    url = reverse("projects:idea_move", args=[idea.pk])
    fields = {"to": "parked", "reason": "Später", "version": "0"}

    assert client.post(url, fields).context["form"].errors.keys() == {"returns_on"}
    assert "returns_on" not in client.get(url, {"to": "declined"}).context["form"].fields

    day = timezone.localdate() + DAY
    assert client.post(url, fields | {"returns_on": day.isoformat()}).url == idea.get_absolute_url()
    idea.refresh_from_db()
    assert idea.returns_on == day
    assert idea.get_state_display() in client.get(idea.get_absolute_url()).content.decode()


def test_the_list_shows_what_is_back(client, sign_in):
    centre, today = CentreFactory(), timezone.localdate()
    user = sign_in(Role.MANAGER, centre=centre)
    back = {parked(centre, user, today), parked(centre, user, today - DAY)}
    parked(centre, user, today + DAY)
    IdeaFactory(centre=centre)

    response = client.get(reverse("projects:idea_list"), {"back": "on"})

    assert set(response.context["object_list"]) == back

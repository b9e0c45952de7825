import uuid
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from actors.models import SpaceRequest
from actors.premises import requesting
from actors.premises.matching import FITS, NEARLY, NO, UNKNOWN, matches_of
from tests.concurrency import meet_before, run_at_once
from tests.factories.actors import ActorFactory, SectorFactory
from tests.factories.office import CentreFactory
from tests.factories.premises import OccupancyFactory, SpaceRequestFactory, UnitFactory
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
LIST = reverse("actors:space_request_list")
CREATE = reverse("actors:space_request_create")


@pytest.fixture
def centre(sign_in):
    centre = CentreFactory()
    sign_in(Role.DESK, centre=centre)
    return centre


def free(centre, **values):
    unit = UnitFactory(centre=centre, **values)
    OccupancyFactory(unit=unit, state="vacant")
    return unit


def data(place, who, **changes):
    return {
        "actor": str(who),
        "actor_id": who.pk,
        "centre": place.pk,
        "area_from": "50",
        "area_to": "90",
        "submission": str(uuid.uuid4()),
        "version": "0",
    } | changes


def only_match(request):
    (match,) = matches_of(request, TODAY)
    return [reason.points for reason in match.reasons]


def test_fitting_premises_come_first_with_every_reason():
    centre = CentreFactory()
    sector = SectorFactory()
    request = SpaceRequestFactory(
        centre=centre, sector=sector, area_from=50, area_to=90, rent_to=1000, streets="weg, Allee"
    )
    best = free(centre, street="Weg", number="1", floor_area=80, rent=900)
    cafe = ActorFactory(centre=centre)
    cafe.sectors.add(sector)
    OccupancyFactory(unit=best, actor=cafe, starts_on=date(2020, 1, 1), ends_on=date(2023, 12, 31))
    near = free(centre, street="Allee", number="2", floor_area=100, rent=1050)
    free(centre, street="Gasse", number="3", floor_area=400)
    free(CentreFactory(), street="Weg", floor_area=80)

    matches = matches_of(request, TODAY)

    assert [match.unit for match in matches] == [best, near]
    assert [reason.points for reason in matches[0].reasons] == [FITS] * 5
    assert [reason.points for reason in matches[1].reasons] == [NEARLY, NEARLY, FITS, UNKNOWN, FITS]


@pytest.mark.parametrize(
    ("wish", "unit", "points"),
    [
        ({"area_from": 50}, {"floor_area": 50}, FITS),
        ({"area_from": 100}, {"floor_area": 85}, NEARLY),
        ({"area_from": 100}, {"floor_area": 84}, NO),
        ({"area_to": 100}, {"floor_area": 115}, NEARLY),
        ({"area_to": 100}, {"floor_area": 116}, NO),
        ({"area_to": 100}, {"floor_area": None}, UNKNOWN),
        ({"rent_to": 1000}, {"rent": 1000}, FITS),
        ({"rent_to": 1000}, {"rent": 1100}, NEARLY),
        ({"rent_to": 1000}, {"rent": 1101}, NO),
        ({"rent_to": 1000}, {"rent": None}, UNKNOWN),
        ({"streets": " TURMSTRASSE ,"}, {}, FITS),
        ({"streets": "Waldstraße"}, {}, NO),
    ],
)
def test_each_wish_is_held_against_the_premises(wish, unit, points):
    request = SpaceRequestFactory(**wish)
    free(request.centre, **unit)

    assert only_match(request) == [points, FITS]


@pytest.mark.parametrize(
    ("days", "wanted", "points"), [(30, 40, FITS), (30, 10, NEARLY), (30, None, NEARLY)]
)
def test_premises_that_get_free_are_offered_before_they_are(days, wanted, points):
    wanted_from = TODAY + timedelta(days=wanted) if wanted else None
    request = SpaceRequestFactory(wanted_from=wanted_from)
    unit = UnitFactory(centre=request.centre)
    OccupancyFactory(unit=unit, ends_on=TODAY + timedelta(days=days))

    assert only_match(request) == [points]


def test_premises_in_use_without_an_end_are_no_match():
    request = SpaceRequestFactory()
    OccupancyFactory(unit=UnitFactory(centre=request.centre))
    UnitFactory(centre=request.centre)

    assert matches_of(request, TODAY) == []


@pytest.mark.parametrize("count", [1, 3])
def test_matching_needs_the_same_queries_for_any_number(
    client, centre, django_assert_num_queries, count
):
    sector = SectorFactory()
    request = SpaceRequestFactory(
        centre=centre, sector=sector, actor=ActorFactory(centre=centre), area_to=90
    )
    for _ in range(count):
        unit = free(centre)
        OccupancyFactory(
            unit=unit,
            actor=ActorFactory(centre=centre),
            starts_on=date(2020, 1, 1),
            ends_on=date(2021, 1, 1),
        )

    with django_assert_num_queries(9):
        response = client.get(request.get_absolute_url())

    assert len(response.context["matches"]) == count


def test_request_is_entered_changed_settled_and_opened_again(client, centre):
    actor = ActorFactory(centre=centre)

    url = client.post(CREATE, data(centre, actor)).url
    row = SpaceRequest.objects.get()
    edit = reverse("actors:space_request_update", args=[row.pk])
    changed = client.post(edit, data(centre, actor, area_to="120", version="0"))
    client.post(reverse("actors:space_request_settle", args=[row.pk]), {"result": "Weg 1"})
    row.refresh_from_db()

    assert (url, changed.url) == (row.get_absolute_url(), row.get_absolute_url())
    assert (row.area_to, row.closed_on, row.result) == (120, timezone.localdate(), "Weg 1")
    assert list(client.get(LIST).context["object_list"]) == []
    client.post(reverse("actors:space_request_reopen", args=[row.pk]))
    assert list(client.get(LIST).context["object_list"]) == [row]


def test_button_pressed_twice_makes_one_request(client, centre):
    sent = data(centre, ActorFactory(centre=centre))

    urls = {client.post(CREATE, sent).url for _ in range(2)}

    assert urls == {SpaceRequest.objects.get().get_absolute_url()}


def test_older_form_does_not_overwrite(client, centre):
    actor = ActorFactory(centre=centre)
    row = SpaceRequestFactory(centre=centre, actor=actor, version=3)
    url = reverse("actors:space_request_update", args=[row.pk])

    response = client.post(url, data(centre, actor, note="meins", version="2"))

    assert (response.status_code, len(response.context["form"].non_field_errors())) == (200, 1)
    assert response.context["form"]["note"].value() == "meins"
    row.refresh_from_db()
    assert row.note == ""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"area_from": "100"}, "__all__"),
        ({"area_to": "99999999999"}, "area_to"),
        ({"rent_to": "-1"}, "rent_to"),
        ({"wanted_from": "0001-01-01"}, "wanted_from"),
        ({"streets": "x" * 301}, "streets"),
        ({"streets": "a\0b"}, "streets"),
        ({"actor": "Niemand", "actor_id": ""}, "actor"),
        ({"centre": "0"}, "centre"),
    ],
)
def test_bad_input_is_explained_at_its_field(client, centre, changes, field):
    response = client.post(CREATE, data(centre, ActorFactory(centre=centre), **changes))

    assert list(response.context["form"].errors) == [field]
    assert SpaceRequest.objects.count() == 0


def test_foreign_request_does_not_exist(client, centre):
    row = SpaceRequestFactory()

    for name in ("detail", "update"):
        url = reverse(f"actors:space_request_{name}", args=[row.pk])
        assert client.get(url).status_code == 404
    for name in ("settle", "reopen"):
        url = reverse(f"actors:space_request_{name}", args=[row.pk])
        assert client.post(url).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_four_times_at_once_makes_one_request():
    centre, actor, submission = CentreFactory(), ActorFactory(), uuid.uuid4()

    def create():
        row = SpaceRequest(centre=centre, actor=actor, submission=submission)
        return requesting.create_request(row).pk

    assert run_at_once(create) == [SpaceRequest.objects.get().pk] * 4


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_hears_of_the_other(monkeypatch):
    row = SpaceRequestFactory()
    meet_before(monkeypatch, SpaceRequest, "save")

    def save():
        mine = SpaceRequest.objects.get(pk=row.pk)
        requesting.update_request(mine, version=0)

    results = run_at_once(save, times=2)

    assert sum(isinstance(result, ValidationError) for result in results) == 1


@pytest.mark.django_db(transaction=True)
def test_settled_and_reopened_twice_at_once_is_written_once_each(monkeypatch):
    row = SpaceRequestFactory()
    meet_before(monkeypatch, SpaceRequest, "save")
    words = iter(["eins", "zwei"])

    run_at_once(
        lambda: requesting.settle_request(SpaceRequest.objects.get(pk=row.pk), result=next(words)),
        times=2,
    )
    run_at_once(
        lambda: requesting.reopen_request(SpaceRequest.objects.get(pk=row.pk)),
        times=2,
    )

    history = apps.get_model("actors.SpaceRequestEvent").objects.filter(pgh_label="update")
    assert list(history.order_by("pgh_id").values_list("version", flat=True)) == [1, 2]

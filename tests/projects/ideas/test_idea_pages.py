from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from projects.models import Idea
from tests.factories.office import CarrierFactory, CentreFactory
from tests.factories.projects import IdeaFactory, IdeaFollowerFactory, ProjectFactory
from tests.projects.bad_input import DAYS, NUMBERS, TEXTS
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
LIST = "/ideenverwaltung/"


def url(name, idea):
    return reverse(f"projects:{name}", args=[idea.pk])


@pytest.fixture
def manager(sign_in):
    centre = CentreFactory()
    return sign_in(Role.MANAGER, centre=centre)


@pytest.fixture
def idea(manager):
    centre = manager.current_mandates[0].centre
    idea = IdeaFactory(centre=centre, state=Idea.State.IN_REVIEW, text="Sagt Erika Mustermann.")
    IdeaFollowerFactory(idea=idea, email="erika@example.org", name="Erika M", is_author=True)
    return idea


def released(**fields):
    return IdeaFactory(
        **{
            "public_text": "Mehr Bänke für alle.",
            "author_confirmed_at": NOW,
            "released_at": NOW,
            "text": "Sagt Erika Mustermann.",
            **fields,
        }
    )


# --- who sees what ------------------------------------------------------------------------------


def scenery():
    """Ideas of two carriers in one centre and of another centre, in several states."""
    centre, other = CentreFactory(), CentreFactory()
    second = CarrierFactory()
    IdeaFactory(title="own", centre=centre)
    IdeaFactory(title="own consulted", centre=centre, state="in_consultation")
    released(title="own released", centre=centre)
    IdeaFactory(title="second", centre=centre, carrier=second)
    IdeaFactory(title="second consulted", centre=centre, carrier=second, state="in_consultation")
    IdeaFactory(title="other", centre=other)
    released(title="other released", centre=other)
    return centre


OWN = ["own", "own consulted", "own released"]
ALL = [*OWN, "second", "second consulted", "other", "other released"]


@pytest.mark.parametrize(
    ("role", "everywhere", "expected"),
    [
        (Role.MANAGER, False, OWN),
        (Role.DEPUTY, False, OWN),
        (Role.DESK, False, OWN),
        (Role.MANAGER, True, OWN),
        (Role.CITY, False, [*OWN, "second", "second consulted"]),
        (Role.CITY, True, ALL),
        (Role.BODY_MEMBER, False, ["own consulted", "own released", "second consulted"]),
        (
            Role.BODY_MEMBER,
            True,
            ["own consulted", "own released", "second consulted", "other released"],
        ),
    ],
)
def test_list_and_page_show_each_role_its_ideas(client, sign_in, role, everywhere, expected):
    centre = scenery()
    place = {"centre": None, "carrier": centre.carrier} if everywhere else {"centre": centre}
    sign_in(role, **place)

    listed = client.get(LIST).context["object_list"]
    opened = [
        idea.title
        for idea in Idea.objects.order_by("pk")
        if client.get(url("idea_detail", idea)).status_code == 200
    ]

    assert sorted(idea.title for idea in listed) == sorted(expected)
    assert sorted(opened) == sorted(expected)


@pytest.mark.parametrize("role", [Role.CITY, Role.BODY_MEMBER])
def test_others_than_the_desk_never_read_the_author_nor_a_remark(client, sign_in, role):
    idea = released(state="in_consultation", remark="Der Rat war dagegen.")
    IdeaFollowerFactory(idea=idea, email="erika@example.org", name="Erika M", is_author=True)
    sign_in(role, centre=idea.centre)

    for address in (LIST, url("idea_detail", idea), f"{LIST}?q=Mustermann"):
        page = client.get(address).content.decode()
        assert "erika@example.org" not in page
        assert "Erika" not in page
        assert "Der Rat war dagegen." not in page


@pytest.mark.parametrize(
    ("role", "found"), [(Role.MANAGER, 1), (Role.DESK, 1), (Role.CITY, 0), (Role.BODY_MEMBER, 0)]
)
def test_search_finds_words_of_the_internal_text_for_the_desk_only(client, sign_in, role, found):
    idea = released()
    sign_in(role, centre=idea.centre)

    assert len(client.get(LIST, {"q": "mustermann"}).context["object_list"]) == found
    assert len(client.get(LIST, {"q": "BÄNKE"}).context["object_list"]) == 1


def test_city_that_also_leads_another_desk_reads_and_changes_its_own_ideas_only(client, sign_in):
    foreign, own = IdeaFactory(text="Sagt Erika"), IdeaFactory(text="Sagt Anton")
    user = sign_in(Role.MANAGER, centre=own.centre)
    sign_in(Role.CITY, centre=foreign.centre, carrier=foreign.carrier, user=user)

    page = client.get(url("idea_detail", foreign))

    assert "Erika" not in page.content.decode()
    assert len(client.get(LIST, {"q": "Erika"}).context["object_list"]) == 0
    assert len(client.get(LIST, {"q": "Anton"}).context["object_list"]) == 1
    for name in ("idea_update", "idea_move", "idea_release"):
        assert client.get(url(name, foreign)).status_code == 404
        assert client.post(url(name, foreign)).status_code == 404


@pytest.mark.parametrize("role", [Role.DESK, Role.CITY, Role.BODY_MEMBER, Role.TECHNICAL])
@pytest.mark.parametrize(
    "name",
    [
        "idea_update",
        "idea_move",
        "idea_release",
        "idea_withdraw_release",
        "idea_confirm_author",
    ],
)
def test_deciding_is_for_manager_and_deputy(client, sign_in, role, name):
    idea = released()
    sign_in(role, centre=idea.centre)

    assert client.get(url(name, idea)).status_code == 403
    assert client.post(url(name, idea)).status_code == 403


def test_a_foreign_carriers_idea_is_not_found(client, manager):
    foreign = released()

    for name in ("idea_detail", "idea_update", "idea_move", "idea_release"):
        assert client.get(url(name, foreign)).status_code == 404
    for name in ("idea_withdraw_release", "idea_confirm_author"):
        assert client.post(url(name, foreign)).status_code == 404


# --- the office ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["b", "a"]),
        ({"state": "in_review"}, ["b"]),
        ({"state": "nonsense"}, ["b", "a"]),
        ({"field": "abc"}, ["b", "a"]),
        ({"field": "9" * 40}, ["b", "a"]),
        ({"sort": "title"}, ["a", "b"]),
        ({"sort": "-title"}, ["b", "a"]),
        ({"sort": "text"}, ["b", "a"]),
        ({"sort": "🏛"}, ["b", "a"]),
    ],
)
def test_list_filters_and_sorts(client, manager, query, expected):
    centre = manager.current_mandates[0].centre
    IdeaFactory(title="a", centre=centre)
    IdeaFactory(title="b", centre=centre, state="in_review")

    listed = client.get(LIST, query).context["object_list"]

    assert [idea.title for idea in listed] == expected


def test_list_refuses_a_null_byte(client, manager):
    assert client.get(f"{LIST}?q=%00").status_code == 400


@pytest.mark.parametrize("page", ["0", "99", "abc"])
def test_a_page_that_does_not_exist_is_not_found(client, manager, page):
    assert client.get(LIST, {"page": page}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_list_needs_the_same_queries_for_any_length(
    client, manager, django_assert_num_queries, count
):
    IdeaFactory.create_batch(count, centre=manager.current_mandates[0].centre)
    client.get(LIST)

    with django_assert_num_queries(9):
        response = client.get(LIST)

    assert len(response.context["object_list"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_page_needs_the_same_queries_for_any_history(
    client, manager, idea, django_assert_num_queries, count
):
    for _ in range(count):
        IdeaFollowerFactory(idea=idea)
        ProjectFactory(centre=idea.centre).origins.add(idea)
        idea.state = "query" if idea.state == "in_review" else "in_review"
        idea.save()

    with django_assert_num_queries(13):
        response = client.get(url("idea_detail", idea))

    assert len(response.context["history"]) == count + 1


def new_idea(**fields):
    return {
        "title": "Bänke",
        "text": "Mehr Bänke",
        "received_on": "2026-11-02",
        "position_0": "",
        "position_1": "",
        **fields,
    }


def test_create_enters_an_idea(client, manager):
    desk = client.get(f"{LIST}neu/").context["form"].fields["desk"].choices[0][0]
    fields = new_idea(
        desk=desk,
        author_email="erika@example.org",
        has_agreed="on",
        position_0="52.53",
        position_1="13.34",
    )

    response = client.post(f"{LIST}neu/", fields)

    idea = Idea.objects.get()
    assert response.url == idea.get_absolute_url()
    assert (idea.title, idea.latitude, idea.received_on) == ("Bänke", 52.53, date(2026, 11, 2))
    assert idea.author_confirmed_at is not None
    assert [f.email for f in idea.followers.all()] == ["erika@example.org"]


def test_a_second_click_leads_to_the_idea_of_the_first(client, manager):
    desk = client.get(f"{LIST}neu/").context["form"].fields["desk"].choices[0][0]
    fields = new_idea(desk=desk)

    first = client.post(f"{LIST}neu/", fields)
    second = client.post(f"{LIST}neu/", fields)

    assert Idea.objects.count() == 1
    assert second.url == first.url


BAD_FIELDS = [
    *({"title": text} for name, text in TEXTS.items() if name in ("null byte", "blank")),
    *({"text": TEXTS[name]} for name in ("ten megabytes", "null byte", "blank")),
    *({"title": TEXTS[name]} for name in ("long line",)),
    *({"received_on": day} for day in DAYS),
    {"received_on": "2999-01-01"},
    *(
        {"position_0": number, "position_1": "13"}
        for number in NUMBERS
        if number not in ("-1", "1.5")
    ),
    {"position_0": "91", "position_1": "181"},
    *({"field_of_action": key} for key in ("abc", "0", "9" * 40, "\0")),
    *({"desk": key} for key in ("", "1-1", "0-0", "x" * 500, "\0")),
    *({"author_email": text} for text in ("kein", "a@b", "x" * 300 + "@example.org", "\0")),
]


@pytest.mark.parametrize("fields", BAD_FIELDS, ids=lambda fields: f"{fields!s:.40}")
def test_bad_input_is_explained_and_kept(client, manager, fields):
    desk = client.get(f"{LIST}neu/").context["form"].fields["desk"].choices[0][0]

    response = client.post(f"{LIST}neu/", new_idea(**{"desk": desk, **fields}))

    assert response.status_code == 200
    assert response.context["form"].errors
    assert list(Idea.objects.all()) == []
    if "title" not in fields:
        assert 'value="Bänke"' in response.content.decode()


@pytest.mark.parametrize("name", ["script", "emoji", "right-to-left", "braces"])
def test_odd_text_is_stored_and_shown_as_text(client, manager, name):
    desk = client.get(f"{LIST}neu/").context["form"].fields["desk"].choices[0][0]
    fields = new_idea(desk=desk, title=TEXTS[name], text=TEXTS[name], place=TEXTS[name])

    response = client.post(f"{LIST}neu/", fields, follow=True)

    assert Idea.objects.get().title == TEXTS[name].strip()
    assert response.status_code == 200
    assert "<script>alert(1)" not in response.content.decode()
    assert client.get(LIST).status_code == 200


def test_a_slower_editor_sees_both_texts_and_loses_nothing(client, manager, idea):
    form = {**new_idea(title="Meiner"), "version": idea.version}
    client.post(url("idea_update", idea), {**form, "title": "Schneller"})

    refused = client.post(url("idea_update", idea), form)

    page = refused.content.decode()
    assert refused.status_code == 200
    assert 'value="Meiner"' in page
    assert "Schneller" in page
    assert Idea.objects.get().title == "Schneller"

    shown = refused.context["form"]["version"].value()
    client.post(url("idea_update", idea), {**form, "version": shown})
    assert Idea.objects.get().title == "Meiner"


@pytest.mark.parametrize("version", ["abc", "-1", "9" * 40, "\0"])
def test_a_forged_version_is_refused(client, manager, idea, version):
    response = client.post(url("idea_update", idea), {**new_idea(), "version": version})

    assert response.status_code == 200
    assert response.context["form"].errors


def test_move_with_a_reason(client, manager, idea):
    fields = {"to": "declined", "reason": "Zu teuer.", "version": idea.version}

    response = client.post(url("idea_move", idea), fields)

    idea.refresh_from_db()
    assert response.url == idea.get_absolute_url()
    assert (idea.state, idea.reason) == ("declined", "Zu teuer.")


@pytest.mark.parametrize(
    "fields",
    [
        {"to": "declined"},
        {"to": "declined", "reason": "   "},
        {"to": "declined", "reason": "x" * 10_000_000},
        {"to": "declined", "reason": "a\0"},
        {"to": "query"},
        {"to": "merged", "reason": "Grund"},
        {"to": "merged", "reason": "Grund", "merged_into": "I-0000-0000"},
        {"to": "merged", "reason": "Grund", "merged_into": "\0"},
        {"to": "accepted", "version": "17"},
        {"to": "settled"},
    ],
    ids=lambda fields: f"{fields!s:.50}",
)
def test_a_step_that_lacks_something_is_explained(client, manager, idea, fields):
    response = client.post(url("idea_move", idea), fields)

    assert response.status_code == 200
    assert response.context["form"].errors
    idea.refresh_from_db()
    assert idea.state == "in_review"


@pytest.mark.parametrize("to", ["", "nonsense", "project_started", "received", "\0", "x" * 5000])
def test_an_unknown_step_leads_back(client, manager, idea, to):
    assert client.post(url("idea_move", idea), {"to": to}).url == idea.get_absolute_url()
    idea.refresh_from_db()
    assert idea.state == "in_review"


def test_merge_names_the_other_idea_by_its_reference(client, manager, idea):
    other = IdeaFactory(centre=idea.centre, state="in_review")
    fields = {"to": "merged", "reason": "Gleich", "merged_into": f" {other.reference.lower()} "}

    client.post(url("idea_move", idea), fields)

    idea.refresh_from_db()
    assert (idea.state, idea.merged_into) == ("merged", other)


def test_release_and_withdraw(client, manager, idea):
    client.post(url("idea_confirm_author", idea))
    fields = {"title": "Bänke", "public_text": "Mehr Bänke für alle."}
    client.post(url("idea_release", idea), fields)
    idea.refresh_from_db()
    assert idea.released_at is not None
    public = client.get(idea.get_public_url())
    assert "Mehr Bänke für alle." in public.content.decode()
    assert "Erika" not in public.content.decode()

    client.post(url("idea_withdraw_release", idea))

    assert client.get(idea.get_public_url()).status_code == 404


def test_release_without_the_authors_word_is_explained(client, manager, idea):
    response = client.post(url("idea_release", idea), {"title": "B", "public_text": "Text"})

    assert response.status_code == 200
    assert response.context["form"].non_field_errors()
    assert list(Idea.objects.public()) == []


@pytest.mark.parametrize("name", ["idea_withdraw_release", "idea_confirm_author"])
def test_get_never_writes(client, manager, idea, name):
    assert client.get(url(name, idea)).status_code == 405


# --- the public ---------------------------------------------------------------------------------


def test_public_pages_show_released_ideas_without_their_author(client):
    idea = released(
        title="Bänke", state="declined", reason="Zu teuer.", latitude=52.53, longitude=13.34
    )
    IdeaFollowerFactory(idea=idea, email="erika@example.org", is_author=True)
    IdeaFactory(title="Geheim", public_text="Nichts")

    for address in ("/ideen/", idea.get_public_url(), "/ideen/karte.json"):
        page = client.get(address).content.decode()
        assert "Bänke" in page or "B\\u00e4nke" in page
        assert "Geheim" not in page
        assert "Erika" not in page
        assert "erika@" not in page
    assert "Zu teuer." in client.get(idea.get_public_url()).content.decode()


def test_a_question_to_the_author_is_not_for_everybody(client):
    idea = released(state="query", reason="Wie ist Ihre Telefonnummer?")

    for address in ("/ideen/", idea.get_public_url()):
        assert "Telefonnummer" not in client.get(address).content.decode()


def test_points_are_the_places_of_the_list(client):
    idea = released(title="Bänke", latitude=52.53, longitude=13.34)
    released(title="Ohne Ort")
    IdeaFactory(title="Geheim", latitude=52.5, longitude=13.3)

    data = client.get("/ideen/karte.json").json()
    filtered = client.get("/ideen/karte.json", {"q": "Ohne"}).json()

    assert data["features"] == [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [13.34, 52.53]},
            "properties": {
                "name": "Bänke",
                "url": idea.get_public_url(),
                "text": str(idea.get_state_display()),
            },
        }
    ]
    assert filtered["features"] == []


def test_public_search_does_not_find_internal_words(client):
    released()

    assert len(client.get("/ideen/", {"q": "Mustermann"}).context["object_list"]) == 0
    assert len(client.get("/ideen/", {"q": "baenke"}).context["object_list"]) == 1


def test_public_page_links_only_public_projects(client):
    idea = released(state="project_started")
    ProjectFactory(title="Offen", is_public=True).origins.add(idea)
    ProjectFactory(title="Intern").origins.add(idea)

    page = client.get(idea.get_public_url()).content.decode()

    assert "Offen" in page
    assert "Intern" not in page


@pytest.mark.parametrize("reference", ["I-0000-0000", "x" * 3000, "1"])
def test_unknown_reference_is_not_found(client, reference):
    assert client.get(f"/ideen/{reference}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("address", ["/ideen/", "/ideen/karte.json"])
def test_public_list_needs_the_same_queries_for_any_length(
    client, django_assert_max_num_queries, count, address
):
    for _ in range(count):
        released(latitude=52.53, longitude=13.34)

    with django_assert_max_num_queries(4):
        client.get(address)


# --- stopping the mails -------------------------------------------------------------------------


def test_stop_link_asks_first_and_stops_on_post(client):
    follower = IdeaFollowerFactory()

    client.get(follower.get_stop_url())
    follower.refresh_from_db()
    assert follower.stopped_at is None

    client.post(follower.get_stop_url())
    follower.refresh_from_db()
    assert follower.stopped_at is not None
    stopped_at = follower.stopped_at
    client.post(follower.get_stop_url())
    follower.refresh_from_db()
    assert follower.stopped_at == stopped_at


def test_mail_program_stops_with_one_click_and_no_cookie(client_with_csrf):
    follower = IdeaFollowerFactory()

    response = client_with_csrf.post(follower.get_stop_url(), {"List-Unsubscribe": "One-Click"})

    assert response.status_code == 200
    follower.refresh_from_db()
    assert follower.stopped_at is not None


@pytest.fixture
def client_with_csrf():
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("token", ["x", "0" * 40, "y" * 3000])
def test_forged_stop_link_is_not_found(client, token):
    assert client.get(f"/abbestellen/{token}/").status_code == 404
    assert client.post(f"/abbestellen/{token}/").status_code == 404

"""Before an idea is handed in the sender sees what is similar, with nothing lost."""

import re
from datetime import UTC, datetime
from html import unescape
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse

from contacts.cases import services
from contacts.intake import keys
from contacts.intake.entries import of as of_submission
from contacts.models import Case, Submission
from projects.models import Idea, IdeaFollower, ProjectFollower
from projects.pipeline import following, noting
from projects.pipeline.services import publish_note
from tests.factories.contacts import CaseFactory
from tests.factories.office import CentreFactory, MandateFactory, UserFactory
from tests.factories.projects import (
    IdeaFactory,
    IdeaFollowerFactory,
    ProjectFactory,
    ProjectFollowerFactory,
)
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail

URL = reverse("contacts:idea_submit")
NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
ENTRIES = {
    "title": "Trinkbrunnen für den Markt",
    "text": 'Im Sommer\nfehlt "Wasser" & Schatten < 30 Grad.',
    "place": "Markt 1",
    "position_0": "52.5",
    "position_1": "13.3",
    "name": "Ayşe Öztürk",
    "email": "ayse@example.org",
    "phone": "",
    "extra_subject": "",
}


@pytest.fixture
def centre(db):
    return MandateFactory(centre=CentreFactory()).centre


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    monkeypatch.setattr("contacts.intake.suspicion.FASTEST_SECONDS", -1)


def entries(**changes):
    return ENTRIES | {"form_key": keys.sign(uuid4())} | changes


def released(title, centre, **fields):
    fields = {"public_text": "Wasser für alle.", "text": "Sagt Erika M."} | fields
    return IdeaFactory(
        title=title, centre=centre, released_at=NOW, author_confirmed_at=NOW, **fields
    )


def shown(response):
    return [hit.row.title for hit in response.context["found"]]


def hidden(response):
    """What the page would send: the fields of its form, as a browser reads them."""
    form = re.search(r'<form class="section".*?</form>', response.content.decode(), re.DOTALL)[0]
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in fields if name != "csrfmiddlewaretoken"}


def test_the_step_shows_title_text_place_state_and_reason(client, centre):
    reason = "Das Wasserwerk baut erst im nächsten Jahr."
    released("Ein Trinkbrunnen", centre, state="parked", reason=reason, place="Marktplatz")
    ProjectFactory(title="Trinkbrunnen bauen", summary="Zwei Stück.", centre=centre, is_public=True)

    page = client.post(URL, entries())

    text = page.content.decode()
    for words in ("Ein Trinkbrunnen", "Wasser für alle.", "Marktplatz", "im Ideenspeicher", reason):
        assert words in text
    for words in ("Trinkbrunnen bauen", "Zwei Stück.", "vorgemerkt"):
        assert words in text
    assert "Erika" not in text
    assert (page.status_code, Case.objects.count()) == (200, 0)


def test_one_click_sends_everything_that_was_typed(client, centre):
    released("Ein Trinkbrunnen", centre)
    page = client.post(URL, entries())

    done = client.post(URL, hidden(page))

    assert "/danke/" in done.url
    case = Case.objects.get()
    assert (case.subject, case.place, case.latitude) == (ENTRIES["title"], "Markt 1", 52.5)
    assert (case.sender_name, case.sender_email) == ("Ayşe Öztürk", "ayse@example.org")
    assert case.messages.first().text == ENTRIES["text"]


def test_files_are_kept_over_the_step(client, centre):
    released("Ein Trinkbrunnen", centre)
    file = SimpleUploadedFile("brunnen.txt", b"Foto", content_type="text/plain")

    page = client.post(URL, entries(files=file))
    client.post(URL, hidden(page))

    assert [a.file.name for a in Case.objects.get().messages.first().attachments.all()] == [
        "brunnen.txt"
    ]


def test_the_way_back_leads_to_the_filled_form(client, centre):
    released("Ein Trinkbrunnen", centre)
    client.post(URL, entries())

    form = client.get(URL).context["form"]

    assert form.initial["title"] == ENTRIES["title"]
    assert form.initial["position"] == ["52.5", "13.3"]


def test_nothing_similar_is_sent_at_once(client, centre):
    released("Bücherschrank", centre)
    IdeaFactory(title="Trinkbrunnen", centre=centre)  # not public
    released("Trinkbrunnen", CentreFactory())
    ProjectFactory(title="Trinkbrunnen", centre=centre)  # no public page

    centre_field = {"centre": centre.pk}
    assert "/danke/" in client.post(URL, entries(**centre_field)).url
    assert Case.objects.count() == 1


def test_a_wrong_form_is_mended_first(client, centre):
    released("Ein Trinkbrunnen", centre)

    page = client.post(URL, entries(email=""))

    assert list(page.context["form"].errors) == ["email"]


def test_the_step_makes_nobody_a_machine(client, centre, monkeypatch):
    """Who reads for a second only, then sends anyway, is no faster than the form itself."""
    released("Ein Trinkbrunnen", centre)
    data = entries()
    page = client.post(URL, data)

    assert hidden(page)["form_key"] == data["form_key"]


def test_a_trap_is_told_nothing(client, centre):
    released("Ein Trinkbrunnen", centre)

    client.post(URL, entries(extra_subject="Werbung"))

    assert Submission.objects.get().quarantine_reason == "trap"


def test_pressing_twice_makes_one_case(client, centre):
    released("Ein Trinkbrunnen", centre)
    data = hidden(client.post(URL, entries()))

    first, second = client.post(URL, data), client.post(URL, data)

    assert first.url.split("/danke/")[0] == second.url.split("/danke/")[0]
    assert Case.objects.count() == 1


def test_many_looks_an_hour_are_answered_without_a_search(client, centre, monkeypatch):
    monkeypatch.setattr("contacts.intake.similar.MOST_AN_HOUR", 1)
    released("Ein Trinkbrunnen", centre)
    assert shown(client.post(URL, entries())) == ["Ein Trinkbrunnen"]

    assert "/danke/" in client.post(URL, entries()).url


@pytest.mark.parametrize("count", [1, 3])
def test_the_step_needs_the_same_queries_for_any_number(
    client, centre, django_assert_num_queries, count
):
    for number in range(count):
        released(f"Trinkbrunnen {number}", centre)
        ProjectFactory(title=f"Trinkbrunnen {number}", centre=centre, is_public=True)

    with django_assert_num_queries(18):
        client.post(URL, entries())


# --- join instead of new -------------------------------------------------------------------------


@pytest.fixture
def idea(centre):
    """A public idea whose author has not confirmed the address, but agreed at the desk."""
    idea = released("Ein Trinkbrunnen", centre)
    IdeaFollowerFactory(idea=idea, email="erika@example.org", is_author=True)
    return idea


def join(client, idea, **changes):
    data = hidden(client.post(URL, entries(**changes)))
    return client.post(URL, data | {"join": idea.reference})


def followers(idea):
    return list(idea.followers.order_by("pk").values_list("email", "is_author"))


AUTHOR = ("erika@example.org", True)


def test_who_joins_keeps_the_text_with_the_idea_and_follows_it_once_confirmed(client, idea):
    done = join(client, idea)

    assert "/danke/" in done.url
    case = Case.objects.get()
    assert (case.idea, case.messages.first().text) == (idea, ENTRIES["text"])
    assert OutgoingMail.objects.get().to == "ayse@example.org"
    assert followers(idea) == [AUTHOR]

    services.confirm_email(case)

    assert followers(idea) == [AUTHOR, ("ayse@example.org", False)]
    assert IdeaFollower.objects.active().order_by("pk").last().name == "Ayşe Öztürk"


def test_joining_confirms_nothing_for_the_author(client, idea):
    Idea.objects.filter(pk=idea.pk).update(released_at=None, author_confirmed_at=None)
    case = CaseFactory(centre=idea.centre, idea=idea, sender_email="ayse@example.org")

    services.confirm_email(case)

    idea.refresh_from_db()
    assert idea.author_confirmed_at is None


def test_the_author_who_confirms_is_no_second_follower(client, idea):
    Idea.objects.filter(pk=idea.pk).update(released_at=None, author_confirmed_at=None)
    case = CaseFactory(centre=idea.centre, idea=idea, sender_email="Erika@Example.org")

    services.confirm_email(case)

    idea.refresh_from_db()
    assert (idea.author_confirmed_at is None, followers(idea)) == (False, [AUTHOR])


def test_joining_twice_makes_one_follower(client, idea):
    for address in ("ayse@example.org", "AYSE@example.org"):
        case = CaseFactory(centre=idea.centre, idea=idea, sender_email=address)
        services.confirm_email(case)

    assert followers(idea) == [AUTHOR, ("ayse@example.org", False)]


def test_what_was_merged_meanwhile_goes_on_in_the_other_idea(client, centre, idea):
    join(client, idea)
    other = released("Wasser am Markt", centre)
    Idea.objects.filter(pk=idea.pk).update(state="merged", reason="Eins", merged_into=other)

    services.confirm_email(Case.objects.get())

    assert (followers(idea), followers(other)) == ([AUTHOR], [("ayse@example.org", False)])


def test_a_joined_submission_is_released_to_where_the_idea_went(client, centre, idea):
    other = released("Wasser am Markt", centre)
    Idea.objects.filter(pk=idea.pk).update(state="merged", reason="Eins", merged_into=other)
    submission = Submission(data=ENTRIES | {"centre": centre.pk, "joins": idea.pk})

    assert of_submission(submission)["idea"] == other


@pytest.mark.parametrize("what", ["internal", "elsewhere", "withdrawn", "nonsense"])
def test_only_public_ideas_of_the_centre_can_be_joined(client, centre, idea, what):
    foreign = {
        "internal": lambda: IdeaFactory(centre=centre).reference,
        "elsewhere": lambda: released("Brunnen", CentreFactory()).reference,
        "withdrawn": lambda: released("Brunnen", centre, state="withdrawn").reference,
        "nonsense": lambda: "\0' OR 1=1"[1:],
    }[what]()
    data = hidden(client.post(URL, entries(centre=centre.pk)))

    client.post(URL, data | {"join": foreign})

    assert Case.objects.get().idea is None


def test_the_office_reads_on_the_idea_who_joined(client, sign_in, centre, idea):
    join(client, idea)
    sign_in(Role.MANAGER, centre=centre, carrier=centre.carrier)

    page = client.get(idea.get_absolute_url()).content.decode()

    assert str(Case.objects.get()) in unescape(page)
    assert entry_titles(page)


def entry_titles(page):
    case = Case.objects.get()
    return f"angeschlossen: {case}" in unescape(page)


def test_joining_leaves_an_event_and_a_text_for_those_who_may_see_the_case(
    client, sign_in, centre, idea
):
    join(client, idea)
    case = Case.objects.get()
    events = case.messages.filter(event="joined").values_list("text", flat=True)
    assert list(events) == [str(idea)]

    sign_in(Role.MANAGER, centre=centre, carrier=centre.carrier)
    seen = unescape(client.get(idea.get_absolute_url()).content.decode())
    assert 'fehlt "Wasser" & Schatten < 30 Grad.' in seen

    sign_in(Role.DESK, centre=centre, carrier=centre.carrier)  # of own cases only
    hidden_from = unescape(client.get(idea.get_absolute_url()).content.decode())
    assert "fehlt" not in hidden_from
    assert not entry_titles(hidden_from)
    sign_in(Role.CITY, centre=centre)
    assert not entry_titles(unescape(client.get(idea.get_absolute_url()).content.decode()))


def test_an_idea_of_a_campaign_shows_the_newest_ones_only(
    client, sign_in, centre, idea, django_assert_num_queries
):
    for _ in range(22):
        CaseFactory(centre=centre, idea=idea)
    sign_in(Role.MANAGER, centre=centre, carrier=centre.carrier)

    with django_assert_num_queries(13):
        page = client.get(idea.get_absolute_url())

    assert len(page.context["sources"].cases) == 20
    assert page.context["sources"].has_more


@pytest.fixture
def project(centre):
    return ProjectFactory(title="Trinkbrunnen am Markt", centre=centre, is_public=True)


def join_the(client, project):
    data = hidden(client.post(URL, entries(centre=project.centre_id)))
    return client.post(URL, data | {"join": project.reference})


def test_who_joins_a_running_project_hears_of_it_once_confirmed(client, centre, project):
    join_the(client, project)
    case = Case.objects.get()
    assert (case.project, case.idea) == (project, None)
    assert case.messages.get(event="joined").text == str(project)
    assert list(project.followers.all()) == []

    services.confirm_email(case)
    following.begin(project, email="AYSE@example.org", name="", language="de")
    publish_note(project, author=UserFactory(), text="Es fließt.")

    follower = project.followers.get()
    assert (follower.email, follower.name) == ("ayse@example.org", "Ayşe Öztürk")
    note = OutgoingMail.objects.get(key__startswith="progress-note")
    assert note.to == "ayse@example.org"
    assert follower.get_stop_url() in note.text


def test_the_office_reads_on_the_project_who_joined(client, sign_in, centre, project):
    join_the(client, project)
    case = Case.objects.get()
    sign_in(Role.MANAGER, centre=centre, carrier=centre.carrier)

    page = unescape(client.get(project.get_absolute_url()).content.decode())

    assert str(case) in page
    assert 'fehlt "Wasser"' in page
    assert project.get_absolute_url() in client.get(case.get_absolute_url()).content.decode()


@pytest.mark.parametrize("what", ["internal", "elsewhere", "ended"])
def test_only_public_running_projects_of_the_centre_can_be_joined(client, centre, project, what):
    other = {
        "internal": lambda: ProjectFactory(centre=centre),
        "elsewhere": lambda: ProjectFactory(is_public=True),
        "ended": lambda: ProjectFactory(centre=centre, is_public=True, phase="completed"),
    }[what]()
    data = hidden(client.post(URL, entries(centre=centre.pk)))

    client.post(URL, data | {"join": other.reference})

    assert Case.objects.get().project is None


def test_one_link_stops_the_mails_of_the_project_and_of_its_ideas(client, project):
    project.origins.add(
        IdeaFollowerFactory(email="a@example.org", idea__centre=project.centre).idea
    )
    follower = ProjectFollowerFactory(project=project, email="A@example.org")
    other = ProjectFollowerFactory(project=project, email="b@example.org")
    assert [follower.email for follower in noting.recipients(project)] == [
        "a@example.org",
        "b@example.org",
    ]

    assert client.get(follower.get_stop_url()).status_code == 200  # a scanner stops nothing
    assert len(noting.recipients(project)) == 2
    client.post(follower.get_stop_url())

    assert noting.recipients(project) == [other]


def test_the_link_of_an_idea_stops_the_mails_of_its_project(client, project):
    by_idea = IdeaFollowerFactory(email="a@example.org", idea__centre=project.centre)
    project.origins.add(by_idea.idea)
    ProjectFollowerFactory(project=project, email="A@example.org")
    ProjectFollowerFactory(email="a@example.org")  # of another project

    client.post(by_idea.get_stop_url())

    assert noting.recipients(project) == []
    assert ProjectFollower.objects.active().count() == 1


def test_an_address_follows_a_project_once_in_whatever_capitals(project):
    ProjectFollowerFactory(project=project, email="a@example.org")

    with pytest.raises(IntegrityError):
        ProjectFollowerFactory(project=project, email="A@EXAMPLE.org")

"""Before an idea is handed in the sender sees what is similar, with nothing lost."""

import re
from datetime import UTC, datetime
from html import unescape
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contacts.cases import services
from contacts.intake import keys
from contacts.intake.entries import of as of_submission
from contacts.models import Case, Submission
from projects.models import Idea, IdeaFollower
from tests.factories.contacts import CaseFactory
from tests.factories.office import CentreFactory, MandateFactory
from tests.factories.projects import IdeaFactory, IdeaFollowerFactory, ProjectFactory
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
    assert list(IdeaFollower.objects.active().values_list("name", flat=True))[-1] == "Ayşe Öztürk"


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

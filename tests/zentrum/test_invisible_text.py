"""Text that nobody can see counts as empty, in every form."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.cases.links import status_token
from contacts.intake import keys
from contacts.models import Case, Message
from projects.models import FieldOfAction, Idea
from tests.actors.directory.forms_data import form_data
from tests.factories.office import CentreFactory, MandateFactory
from tests.zentrum.desk_rows import Rows, ask, rows_of
from zentrum.accounts.roles import Role
from zentrum.common.invisible import INVISIBLE

pytestmark = pytest.mark.django_db
EMPTY = "Dieses Feld ist zwingend erforderlich."
TODAY = timezone.localdate().isoformat()
SIGNS = ["\u200b", "\u2060", "\ufeff", "\u00ad", "\u200b \u200d\u00a0\r\n\u2800", "\U000e0020"]
# The address, the kind of row it is about, the rest of the form, and its required text.
FORMS = [
    ("contacts:case_note", "case", {}, "note-text"),
    ("contacts:case_reply", "case", {"reply-version": "0", "reply-then": "keep"}, "reply-text"),
    (
        "contacts:case_wait",
        "case",
        {"wait-version": "0", "wait-until": "2099-01-01", "wait-waiting_on": "third_party"},
        "wait-waiting_for",
    ),
    (
        "contacts:case_create",
        "",
        {"until": "promise", "channel": "phone", "kind": "enquiry"},
        "subject",
    ),
    ("projects:idea_create", "", {"text": "Eine", "received_on": TODAY}, "title"),
    ("projects:idea_create", "", {"title": "Bank", "received_on": TODAY}, "text"),
    ("projects:project_create", "", {"summary": "Bänke", "starts_on": TODAY}, "title"),
    ("projects:note_create", "project", {}, "text"),
    ("projects:milestone_create", "project", {"planned_on": TODAY}, "title"),
    ("office:closingday_create", "", {"starts_on": TODAY, "ends_on": TODAY}, "reason"),
    ("office:carrier_create", "", {"kind": "administration"}, "name"),
]


@pytest.fixture
def rows(sign_in) -> Rows:
    centre = CentreFactory()
    sign_in(Role.MANAGER, centre=centre)
    return rows_of(centre, centre.carrier)


def completed(rows: Rows) -> Rows:
    """What every form may carry; a form takes what it knows."""
    return {
        "desk": f"{rows['carrier'].pk}-{rows['centre'].pk}",
        "field_of_action": FieldOfAction.objects.first().pk,
        "lead": rows["person"].pk,
    }


@pytest.mark.parametrize(("name", "kind", "rest", "field"), FORMS)
def test_required_text_that_nobody_sees_is_missing(client, rows, name, kind, rest, field):
    url = reverse(name, args=[rows[kind].pk] if kind else [])
    data = completed(rows) | rest
    answers = {}

    for text in SIGNS:
        response, written = ask(client, "post", url, data | {field: text})
        written = [sql for sql in written if "contacts_replydraft" not in sql]  # keeps the rest
        answers[text] = response.status_code, EMPTY in response.text, written

    assert set(map(str, answers.values())) == {"(200, True, [])"}
    assert client.post(url, data | {field: "\u200bBank\u00ad"}).status_code == 302


def test_actor_needs_a_name_that_can_be_seen(client, rows):
    url = reverse("actors:actor_create")

    response, written = ask(client, "post", url, form_data(rows["centre"], name="\u200b\u2060"))

    assert (EMPTY in response.text, written) == (True, [])


def test_public_idea_needs_words_that_can_be_seen(client):
    MandateFactory()
    data = {"title": "\u200b", "text": "\ufeff\u2060", "name": "\u00ad ", "phone": "030 1"}

    page = client.post(reverse("contacts:idea_submit"), data | {"form_key": keys.sign(uuid4())})

    assert sorted(page.context["form"].errors) == ["name", "text", "title"]
    assert Case.objects.count() == 0


def test_sender_cannot_write_nothing_on_the_status_page(client, rows):
    url = reverse("contacts:case_status", args=[status_token(rows["case"])])
    count = Message.objects.count()

    assert EMPTY in client.post(url, {"text": "\u200b\u200b"}).text
    assert Message.objects.count() == count


def test_optional_text_that_nobody_sees_is_kept_empty(client, rows):
    client.post(
        reverse("projects:idea_create"),
        completed(rows) | {"title": "Bank", "text": "x", "received_on": TODAY, "place": "\u2060"},
    )

    assert Idea.objects.latest("pk").place == ""


@pytest.mark.parametrize("text", ["a", "\u200ba", "👩‍👩‍👧", "مرحبا", "क्‍ष", ".", "\0", ""])
def test_text_with_anything_to_see_stays_as_it_is(text):
    assert not INVISIBLE.fullmatch(text)

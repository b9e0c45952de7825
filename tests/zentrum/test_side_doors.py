"""Own pages name no row of another desk, though it hangs on one of ours; text stays text."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from actors.models import Candidate, Introduction, Merge
from contacts.cases.links import confirm_token, status_token
from contacts.followups import delivering, ticking
from contacts.models import Case
from projects.ideas import moving
from projects.models import Idea, Project
from tests.factories.actors import AddressFactory, RelationFactory, SeatFactory, VisitFactory
from tests.factories.office import CarrierFactory, CentreFactory
from tests.factories.projects import (
    IdeaFollowerFactory,
    ParticipantFactory,
    SiteNoticeRecipientFactory,
)
from tests.zentrum import test_foreign_ids as foreign
from tests.zentrum.desk_rows import Rows, rows_of
from tests.zentrum.test_access import CLOSED
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail
from zentrum.office.models import ClosingDay

pytestmark = pytest.mark.django_db
MONDAY_NOON = datetime(2030, 1, 14, 11, tzinfo=UTC)
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
WITHOUT_ROWS = [name for name, sample in CLOSED if not sample and not name.startswith("accounts:")]


def linked(ours: Rows, theirs: Rows, user) -> None:
    """All that may lead from our rows to those of the other carrier in our centre."""
    ParticipantFactory(project=theirs["project"], actor=ours["actor"])
    rename(theirs["case"], subject="Fremde Sache", actor=ours["actor"], idea=ours["idea"])
    rename(theirs["case"], owner=user)
    rename(ours["case"], actor=ours["actor"], idea=theirs["idea"], project=theirs["project"])
    rename(
        theirs["idea"],
        title="Fremde Idee",
        state="merged",
        reason="Dasselbe",
        merged_into=ours["idea"],
    )
    rename(theirs["project"], title="Fremdes Projekt", lead=user)
    rename(theirs["milestone"], title="Fremder Meilenstein", planned_on=timezone.localdate())
    ours["project"].origins.add(theirs["idea"])
    theirs["project"].origins.add(ours["idea"])


def linked_beyond(ours: Rows, theirs: Rows, user) -> None:
    """All that may lead from our actors to those of another centre, and to what hangs on them."""
    actor = ours["actor"]
    rename(theirs["centre"], name="Fremdes Zentrum")
    rename(theirs["person"], name="Fremde Kollegin")
    rename(theirs["handover"].to_user, name="Fremde Nachfolge")
    for name in ("actor", "twin", "member", "reachable"):
        rename(theirs[name], name="Fremder Laden")
    rename(theirs["body"].actor, name="Fremdes Gremium")
    rename(theirs["programme"], name="Fremdes Programm")
    rename(theirs["indicator"], name="Fremder Indikator")
    rename(theirs["unit"], street="Fremde Gasse", owner=actor)
    rename(theirs["occupancy"], actor=actor)
    rename(theirs["space_request"], streets="Fremde Allee", actor=actor)
    rename(theirs["round"], user=user, on=timezone.localdate())
    rename(theirs["letter_template"], name="Fremder Brief")
    rename(theirs["run"], source="Fremde Quelle")
    rename(theirs["mailbox"], name="Fremdes Postfach")
    rename(theirs["site_notice"], title="Fremde Baustelle")
    RelationFactory(actor=actor, other=theirs["actor"])
    RelationFactory(actor=theirs["twin"], other=actor)
    for person in (actor, ours["member"]):
        SeatFactory(body=theirs["body"], person=person)
    Introduction.objects.create(
        first=actor,
        second=theirs["actor"],
        text="Fremde Worte",
        by=theirs["person"],
        submission=uuid4(),
    )
    Candidate.objects.create(first=actor, second=theirs["actor"], score=90)
    Merge.objects.create(kept=actor, merged=theirs["twin"], by=theirs["person"])
    VisitFactory(round=ours["round"], actor=theirs["actor"])
    ours["handover"].actors.add(actor, theirs["actor"])
    theirs["handover"].actors.add(actor)
    SiteNoticeRecipientFactory(notice=theirs["site_notice"], actor=actor)


def rename(row, **values) -> None:
    type(row)._base_manager.filter(pk=row.pk).update(**values)


def pages_of(ours: Rows) -> list[str]:
    pages = [reverse(name) for name in WITHOUT_ROWS]
    pages += [foreign.address(name, ours, ours) for name in foreign.NAMES]
    return [*pages, reverse("portal:search") + "?q=fremd"]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.DEPUTY])
def test_own_pages_name_nothing_of_another_carrier(client, sign_in, role):
    centre = CentreFactory()
    ours, theirs = rows_of(centre, centre.carrier), rows_of(centre, CarrierFactory())
    linked(ours, theirs, sign_in(role, centre=centre))

    named = [page for page in pages_of(ours) if "Fremd" in text_of(client.get(page))]

    assert named == []


@pytest.mark.parametrize("role", [Role.MANAGER, Role.DESK])
def test_own_pages_name_nothing_of_another_centre(client, sign_in, role):
    centre, other = CentreFactory(), CentreFactory()
    ours, theirs = rows_of(centre, centre.carrier), rows_of(other, other.carrier)
    user = sign_in(role, centre=centre)
    linked(ours, theirs, user)
    linked_beyond(ours, theirs, user)

    named = [page for page in pages_of(ours) if "Fremd" in text_of(client.get(page))]

    assert named == []


def text_of(response) -> str:
    content = response.getvalue() if response.streaming else response.content
    return content.decode(errors="replace")  # some are workbooks


@pytest.fixture
def scripted(sign_in) -> Rows:
    """Rows of one desk with a script in each text that a visitor or a colleague gave."""
    centre = CentreFactory()
    rows = rows_of(centre, centre.carrier)
    user = sign_in(Role.MANAGER, centre=centre)
    place = {"latitude": 52.5, "longitude": 13.3}
    sender = {"sender_name": SCRIPT, "sender_email": "a@example.org"}
    Case.objects.update(subject=SCRIPT, place=SCRIPT, owner=user, **sender)
    Idea.objects.update(
        title=SCRIPT,
        text=SCRIPT,
        public_text=SCRIPT,
        place=SCRIPT,
        author_confirmed_at=timezone.now(),
        released_at=timezone.now(),
        **place,
    )
    Project.objects.update(title=SCRIPT, summary=SCRIPT, place=SCRIPT, is_public=True, **place)
    type(rows["actor"]).objects.update(name=SCRIPT, description=SCRIPT)
    AddressFactory(actor=rows["actor"], street=SCRIPT, **place)
    IdeaFollowerFactory(idea=rows["idea"], name=SCRIPT, is_author=True)
    return {name: type(row).objects.get(pk=row.pk) for name, row in rows.items()}


def test_html_of_every_mail_shows_a_script_as_text(client, scripted):
    ClosingDay.objects.all().delete()
    OutgoingMail.objects.all().delete()
    case, project = scripted["case"], scripted["project"]
    reply = {"reply-version": case.version, "reply-then": "keep", "reply-by_mail": "on"}
    client.post(reverse("contacts:case_reply", args=[case.pk]), reply | {"reply-text": SCRIPT})
    note = {"text": SCRIPT, "is_public": "on"}
    project.origins.add(scripted["idea"])
    client.post(reverse("projects:note_create", args=[project.pk]), note)
    moving.tell_followers(scripted["idea"])
    Case.objects.update(reply_by=MONDAY_NOON.date())
    with time_machine.travel(MONDAY_NOON, tick=False):
        ticking.tick()
        delivering.send_all(delivering.due_ids(MONDAY_NOON))

    mails = list(OutgoingMail.objects.all())

    kinds = {mail.key.split(":")[0].split("-")[0] for mail in mails}
    assert {"progress", "idea", "reminder"} <= kinds
    assert len(mails) > 3
    assert [mail.key for mail in mails if "<script" in mail.html or "<img src=x" in mail.html] == []
    assert [mail.key for mail in mails if "&lt;script&gt;" not in mail.html] == []


FEEDS = [
    "actors:actor_geojson",
    "actors:actor_choices",
    "projects:idea_public_points",
    "projects:project_public_points",
    "portal:areas",
]


@pytest.mark.parametrize("name", FEEDS)
def test_feed_is_no_page_that_runs_a_script(client, scripted, name):
    """Data, not HTML, for a browser that takes the type at its word."""
    response = client.get(reverse(name) + "?q=script")

    assert response.status_code == 200
    assert "html" not in response.headers["Content-Type"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.json() is not None


@pytest.mark.parametrize("name", ["projects:idea_public_points", "actors:actor_geojson"])
def test_feed_gives_the_text_as_it_was_typed(client, scripted, name):
    """The map writes it with textContent (see below), so escaping it here would show twice."""
    features = client.get(reverse(name)).json()["features"]

    assert SCRIPT in str([feature["properties"]["name"] for feature in features])


def test_public_pages_show_a_script_as_text(client, scripted):
    case = scripted["case"]
    pages = [
        reverse("projects:idea_public_list"),
        reverse("projects:idea_public", args=[scripted["idea"].reference]),
        reverse("projects:project_public", args=[scripted["project"].reference]),
        reverse("contacts:case_status", args=[status_token(case)]),
        reverse("contacts:email_confirm", args=[confirm_token(case)]),
        reverse("contacts:slip", args=[status_token(case)]),
        reverse("portal:start"),
    ]

    texts = [client.get(page).text for page in pages]

    assert [text for text in texts if "<script>alert" in text or "<img src=x" in text] == []
    assert sum("&lt;script&gt;alert" in text for text in texts) >= 4

"""A form with the id of a row that somebody may not choose: refused in words, nothing written."""

from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

import docx
import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse
from django.utils import timezone

from actors.directory.choosing import ActorChoice
from actors.directory.services import archive_actor
from actors.models import LetterTemplate
from contacts.intake import drafts, keys
from contacts.models import Case
from projects.models import FieldOfAction, Idea
from tests.actors.directory.forms_data import form_data
from tests.factories.actors import AddressFactory, EmailAddressFactory, SectorFactory
from tests.factories.office import CentreFactory, MandateFactory
from tests.factories.projects import IdeaFactory
from tests.zentrum.desk_rows import Rows, ask, rows_of
from zentrum.accounts.roles import Role
from zentrum.files.models import StoredFile
from zentrum.files.services import store

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate().isoformat()
LATER = "2099-01-04"
NO_IDS = ["abc", "0", str(2**63), "9" * 5000, "\0"]
WRONG_IDS = ["abc", "0", str(2**63), "9" * 500]  # those that fit into an address
# A field that takes an id, by form; the address; the name of the input.
PLACES = [
    ("DeskForm.who", "contacts:case_create", "who_id"),
    ("DeskForm.who", "contacts:case_create", "who_pick"),
    ("DeskForm.owner", "contacts:case_create", "owner"),
    ("HandOverForm.to", "contacts:case_hand_over", "hand_over-to"),
    ("LinkActorForm.actor", "contacts:case_link_actor", "actor-actor_id"),
    ("LinkActorForm.actor", "contacts:case_link_actor", "actor-actor_pick"),
    ("OutreachForm.recipient", "contacts:consultation_create", "ask-recipient_id"),
    ("OutreachForm.recipient", "contacts:referral_create", "refer-recipient_pick"),
    ("DayForm.assignee", "contacts:follow_up_update", "assignee"),
    ("ActorForm.centre", "actors:actor_create", "centre"),
    ("ActorForm.centre", "actors:actor_update", "centre"),
    ("ActorForm.sectors", "actors:actor_create", "sectors"),
    ("RelationForm.other", "actors:relation_create", "other_id"),
    ("RelationForm.other", "actors:relation_create", "other_pick"),
    ("RelationForm.other", "actors:relation_update", "other_pick"),
    ("IntroductionForm.first", "actors:introduction_create", "first_pick"),
    ("IntroductionForm.second", "actors:introduction_create", "second_pick"),
    ("BodyForm.centre", "actors:body_create", "centre"),
    ("BodyForm.contact", "actors:body_update", "contact_pick"),
    ("SeatForm.person", "actors:seat_create", "person_pick"),
    ("SeatForm.represents", "actors:seat_create", "represents_pick"),
    ("SeatForm.deputy", "actors:seat_create", "deputy_pick"),
    ("ImportForm.centre", "actors:import_create", "centre"),
    ("ContactPersonForm.user", "actors:contact_person_set", "user"),
    ("HandoverForm.to_user", "actors:handover_create", "to_user"),
    ("RoundForm.actor", "actors:round_list", "actor_id"),
    ("RoundForm.actor", "actors:round_list", "actor_pick"),
    ("StopForm.actor", "actors:round_detail", "actor_id"),
    ("StopForm.actor", "actors:round_detail", "actor_pick"),
    ("UnitForm.centre", "actors:unit_create", "centre"),
    ("UnitForm.centre", "actors:unit_update", "centre"),
    ("UnitForm.owner", "actors:unit_create", "owner_id"),
    ("UnitForm.owner", "actors:unit_update", "owner_pick"),
    ("CentreForm.centre", "actors:units_propose", "centre"),
    ("OccupancyForm.actor", "actors:occupancy_create", "actor_id"),
    ("OccupancyForm.actor", "actors:occupancy_update", "actor_pick"),
    ("WalkForm.centre", "actors:walk_create", "centre"),
    ("SpaceRequestForm.actor", "actors:space_request_create", "actor_id"),
    ("SpaceRequestForm.actor", "actors:space_request_update", "actor_pick"),
    ("SpaceRequestForm.centre", "actors:space_request_create", "centre"),
    ("SpaceRequestForm.centre", "actors:space_request_update", "centre"),
    ("SpaceRequestForm.sector", "actors:space_request_create", "sector"),
    ("IdeaForm.field_of_action", "projects:idea_create", "field_of_action"),
    ("IdeaForm.field_of_action", "projects:idea_update", "field_of_action"),
    ("BundleForm.field_of_action", "projects:idea_bundle", "field_of_action"),
    ("IdeaCreateForm.desk", "projects:idea_create", "desk"),
    ("IdeaMoveForm.merged_into", "projects:idea_move", "merged_into"),
    ("IdeaJoinForm.project", "projects:idea_join", "project"),
    ("ProjectForm.field_of_action", "projects:project_create", "field_of_action"),
    ("ProjectForm.lead", "projects:project_create", "lead"),
    ("ProjectForm.lead", "projects:project_update", "lead"),
    ("ProjectCreateForm.ideas", "projects:project_create", "ideas"),
    ("ProjectCreateForm.desk", "projects:project_create", "desk"),
    ("ProgrammeForm.centre", "projects:programme_create", "centre"),
    ("GoalForm.field_of_action", "projects:goal_create", "field_of_action"),
    ("GoalForm.field_of_action", "projects:goal_update", "field_of_action"),
    ("ServedGoalsForm.goals", "projects:project_goals", "goals"),
    ("ServedGoalsForm.goals", "projects:idea_goals", "goals"),
    ("ParticipantForm.actor", "projects:participant_create", "actor_id"),
    ("ParticipantForm.actor", "projects:participant_create", "actor_pick"),
    ("MilestoneForm.actor", "projects:milestone_create", "actor_id"),
    ("MilestoneForm.actor", "projects:milestone_create", "actor_pick"),
    ("MilestoneForm.person", "projects:milestone_create", "person"),
    ("ClosingDayForm.centre", "office:closingday_create", "centre"),
    ("AbsenceForm.user", "office:absence_create", "user"),
    ("AbsenceForm.deputy", "office:absence_create", "deputy"),
    ("CentreForm.carrier", "office:centre_create", "carrier"),
    ("CentreForm.carrier", "office:centre_update", "carrier"),
    ("MandateForm.carrier", "office:mandate_create", "carrier"),
    ("MandateForm.centre", "office:mandate_create", "centre"),
    ("MailboxForm.carrier", "contacts:mailbox_create", "carrier"),
    ("MailboxForm.centre", "contacts:mailbox_create", "centre"),
    ("LostRoundForm.user", "actors:lost_list", "user"),
]
TRIED_BELOW = {
    "AnswerTemplateForm.carrier",
    "DeskForm.centre",
    "OutreachForm.attachments",
    "IdeaForm.centre",
    "LetterTemplateForm.centre",
    "LettersForm.template",
    "MilestoneForm.after",  # a step of the same project: tests/projects/pipeline/test_milestones.py
    "ReplyForm.kept",
    "TwinForm.other",
}
# Search forms: a value that makes no sense narrows nothing.
FILTERS = {
    "ActorFilter.centre",
    "ActorFilter.sector",
    "CareFilter.centre",
    "CareFilter.sector",
    "CaseFilterForm.centre",
    "CaseFilterForm.owner",
    "FieldFilterForm.field",
    "FollowUpFilterForm.assignee",
    "NetworkFilter.actor",
    "PublicFilter.sector",
    "RateFilter.centre",
    "ReminderFilterForm.person",
    "UnitFilter.centre",
}
# Who may use the form may choose any of these rows: foreign is only what does not exist.
FREE = {
    "ActorForm.sectors",
    "BundleForm.field_of_action",
    "CentreForm.carrier",
    "GoalForm.field_of_action",
    "IdeaForm.field_of_action",
    "MandateForm.carrier",
    "MandateForm.centre",
    "ProjectForm.field_of_action",
    "SpaceRequestForm.sector",
}


def project_data(rows: Rows) -> Rows:
    ids = {"field_of_action": FieldOfAction.objects.first().pk, "lead": rows["person"].pk}
    words = {"title": "Platz", "summary": "Bänke", "starts_on": TODAY, "version": "0"}
    return ids | words | {"desk": id_for("desk", rows)}


def idea_data(rows: Rows) -> Rows:
    words = {"title": "Bank", "text": "Eine", "received_on": TODAY, "version": "0"}
    return words | {"desk": id_for("desk", rows)}


def absence_data(rows: Rows) -> Rows:
    deputy = MandateFactory(centre=rows["centre"], carrier=rows["carrier"]).user
    days = {"starts_on": LATER, "ends_on": LATER}
    return {"user": rows["person"].pk, "deputy": deputy.pk} | days


def centre_data(rows: Rows) -> Rows:
    frame = {"office_hours-TOTAL_FORMS": "0", "office_hours-INITIAL_FORMS": "0"}
    return frame | {"name": "Mitte", "carrier": rows["carrier"].pk}


def case_data(rows: Rows) -> Rows:
    data = {"subject": "Kehren", "until": "promise", "channel": "phone", "kind": "enquiry"}
    return data | {"who": "Laden", "form_key": keys.sign(uuid4())}


def import_data(rows: Rows) -> Rows:
    file = SimpleUploadedFile("orte.csv", b"Name\nLaden")
    return {"file": file, "source": "osm", "centre": rows["centre"].pk}


def introduction_data(rows: Rows) -> Rows:
    pair = [EmailAddressFactory(actor__centre=rows["centre"]).actor.pk for _ in range(2)]
    words = {"text": "Guten Tag", "agreed": "on", "submission": str(uuid4())}
    return words | dict(zip(("first_pick", "second_pick"), pair, strict=True))


def actor_data(rows: Rows) -> Rows:
    return form_data(rows["centre"], version="0")


def outreach_data(prefix: str) -> Callable[[Rows], Rows]:
    words = {"version": 0, "email": "amt@example.org", "subject": "Tische", "text": "Wie breit?"}
    words |= {"due_on": "2099-01-05"}
    return lambda rows: {f"{prefix}-{name}": value for name, value in words.items()}


def relation_data(rows: Rows) -> Rows:
    return {"kind": "works_for", "other": "Laden"}


def handover_data(rows: Rows) -> Rows:
    words = {"actors": rows["actor"].pk, "on": TODAY, "submission": str(uuid4())}
    return words | {"to_user": rows["person"].pk}


def unit_data(rows: Rows) -> Rows:
    return {"centre": rows["centre"].pk, "street": "Weg", "number": "1", "version": "0"}


def proposed_units_data(rows: Rows) -> Rows:
    AddressFactory(actor__centre=rows["centre"], street="Weg 1", latitude=52.5, longitude=13.3)
    return {"centre": rows["centre"].pk}


def occupancy_data(rows: Rows) -> Rows:
    seen = {"seen_at": rows["occupancy"].updated_at.isoformat(), "ends_previous": "on"}
    return seen | {"state": "trading", "starts_on": TODAY, "confidence": "2", "actor": "Laden"}


def mailbox_data(rows: Rows) -> Rows:
    words = {"name": "Post", "address": "neu@example.org", "port": 993, "security": "tls"}
    words |= {"login": "password", "folder": "INBOX", "starts_on": TODAY}
    return words | {"carrier": rows["carrier"].pk, "centre": rows["centre"].pk}


def space_request_data(rows: Rows) -> Rows:
    who = {"actor": str(rows["actor"]), "actor_id": rows["actor"].pk}
    return who | {"centre": rows["centre"].pk, "version": "0", "submission": str(uuid4())}


# What else stands in the form, all in order.
REST: dict[str, Callable[[Rows], Rows]] = {
    "contacts:case_create": case_data,
    "projects:idea_bundle": lambda rows: {
        "idea": [rows["idea"].reference, rows["accepted"].reference],
        "title": "Bank",
        "text": "Eine",
        "reason": "Zusammen",
    },
    "contacts:case_hand_over": lambda rows: {"hand_over-version": "0"},
    "contacts:case_link_actor": lambda rows: {"actor-version": "0", "actor-actor": "Laden"},
    "contacts:mailbox_create": mailbox_data,
    "contacts:consultation_create": outreach_data("ask"),
    "contacts:referral_create": outreach_data("refer"),
    "contacts:follow_up_": lambda rows: {"due_on": TODAY, "text": "Anrufen", "version": "0"},
    "actors:actor_": actor_data,
    "actors:relation_": relation_data,
    "actors:introduction_": introduction_data,
    "actors:import_": import_data,
    "actors:body_": lambda rows: {
        "name": "Beirat",
        "kind": "steering_group",
        "majority": "simple",
        "centre": rows["centre"].pk,
    },
    "actors:seat_": lambda rows: {"group": "trade", "starts_on": TODAY},
    "actors:contact_person_": lambda rows: {"starts_on": TODAY},
    "actors:handover_": handover_data,
    "actors:round_": lambda rows: {"on": TODAY, "actor": "Laden"},
    "actors:lost_list": lambda rows: {"on": LATER, "all": "1"},
    "actors:units_propose": proposed_units_data,
    "actors:unit_": unit_data,
    "actors:occupancy_": occupancy_data,
    "actors:walk_": lambda rows: {"centre": rows["centre"].pk, "walked_on": TODAY},
    "actors:space_request_": space_request_data,
    "projects:idea_move": lambda rows: {"to": "merged", "reason": "Dasselbe", "version": "0"},
    "projects:idea_join": lambda rows: {},
    "projects:idea_goals": lambda rows: {"version": "0"},
    "projects:project_goals": lambda rows: {"version": "0"},
    "projects:programme_": lambda rows: {"name": "Mitte", "starts_on": TODAY},
    "projects:goal_": lambda rows: {"title": "Mehr Grün", "version": "0"},
    "projects:idea_": idea_data,
    "projects:project_": project_data,
    "projects:participant_": lambda rows: {"actor": "Laden"},
    "projects:milestone_": lambda rows: {"title": "Guss", "planned_on": LATER},
    "office:closingday_": lambda rows: {"starts_on": LATER, "ends_on": LATER, "reason": "Umbau"},
    "office:absence_": absence_data,
    "office:centre_": centre_data,
    "office:mandate_": lambda rows: {
        "role": "desk",
        "carrier": rows["carrier"].pk,
        "starts_on": TODAY,
    },
}
ABOUT = {
    "contacts:case_create": (),
    "contacts:mailbox_create": (),
    "contacts:follow_up_": ("follow_up",),
    "contacts:": ("case",),
    "actors:actor_update": ("actor",),
    "actors:relation_create": ("actor",),
    "actors:body_update": ("body",),
    "actors:seat_create": ("body",),
    "actors:relation_update": ("actor", "relation"),
    "actors:contact_person_set": ("actor",),
    "actors:round_detail": ("round",),
    "actors:unit_update": ("unit",),
    "actors:occupancy_create": ("unit",),
    "actors:occupancy_update": ("unit", "occupancy"),
    "actors:space_request_update": ("space_request",),
    "projects:idea_update": ("idea",),
    "projects:idea_move": ("idea",),
    "projects:idea_join": ("accepted",),
    "projects:project_update": ("project",),
    "projects:participant_create": ("project",),
    "projects:idea_goals": ("idea",),
    "projects:project_goals": ("project",),
    "projects:goal_create": ("programme",),
    "projects:goal_": ("programme", "goal"),
    "projects:milestone_create": ("project",),
    "office:centre_update": ("centre",),
    "office:mandate_create": ("person",),
}
QUERY = {"actors:handover_create": "?person=nobody"}  # whose actors the form is about


def of(table: dict[str, Any], name: str) -> Any:
    """The value of the first beginning that fits the name."""
    return next((value for start, value in table.items() if name.startswith(start)), ())


KINDS = {"who": "actor", "other": "actor", "owner": "person", "to": "person", "lead": "person"}
KINDS |= {
    "user": "person",
    "to_user": "person",
    "deputy": "person",
    "ideas": "idea",
    "goals": "goal",
}
KINDS |= {"assignee": "person", "recipient": "actor", "contact": "actor", "represents": "actor"}
MEMBERS = {"SeatForm.person": "member", "SeatForm.deputy": "member"}
MEMBERS |= {"IntroductionForm.first": "reachable", "IntroductionForm.second": "reachable"}
MEMBERS |= {"UnitForm.owner": "actor"}


def id_for(field: str, rows: Rows) -> Any:
    """What a form sends for a row of this desk."""
    last = field.rpartition(".")[2]
    if last == "desk":
        return f"{rows['carrier'].pk}-{rows['centre'].pk}"
    if last == "merged_into":
        return rows["idea"].reference
    if last == "field_of_action":
        return FieldOfAction.objects.first().pk
    if last in ("sector", "sectors"):
        return SectorFactory().pk
    return rows[MEMBERS.get(field) or KINDS.get(last, last)].pk


def filled(name: str, key: str, value: Any, ours: Rows, rows: Rows) -> Rows:
    """The form with this id, and with the name of the row beside it if an actor is typed."""
    data = of(REST, name)(ours) | {key: value}
    if key.endswith("_id"):
        data[key.removesuffix("_id")] = str(rows["actor"])
    return data


@pytest.fixture
def ours() -> Rows:
    centre = CentreFactory()
    rows = rows_of(centre, centre.carrier)
    Idea.objects.filter(pk=rows["idea"].pk).update(state=Idea.State.IN_REVIEW)
    accepted = IdeaFactory(centre=centre, state=Idea.State.ACCEPTED)
    return rows | {"accepted": accepted}


@pytest.fixture
def address(sign_in, ours) -> Callable[[str], str]:
    """Signs in who may use the form and gives its address, about our own row."""

    def address(name: str) -> str:
        technical = name.startswith("office:mandate_")
        sign_in(Role.TECHNICAL if technical else Role.MANAGER, centre=ours["centre"])
        url = reverse(name, args=[ours[kind].pk for kind in of(ABOUT, name)])
        return url + QUERY.get(name, "")

    return address


@pytest.mark.parametrize(("field", "name", "key"), PLACES)
def test_id_that_may_not_be_chosen_is_refused(client, address, ours, field, name, key):
    centre = CentreFactory()
    theirs, url = rows_of(centre, centre.carrier), address(name)
    foreign = [] if field in FREE else [id_for(field, theirs)]
    taken = {}

    for given in [*NO_IDS, *foreign, *([one, one] for one in foreign)]:
        response, written = ask(client, "post", url, filled(name, key, given, ours, theirs))
        if response.status_code != 200 or "kern-error" not in response.text or written:
            taken[str(given)[:20]] = response.status_code, written

    assert taken == {}


@pytest.mark.parametrize(("field", "name", "key"), PLACES)
def test_id_of_a_row_of_the_own_desk_is_taken(client, address, ours, field, name, key):
    """Otherwise the test above would prove nothing."""
    rows, url = rows_of(ours["centre"], ours["carrier"]), address(name)

    response, written = ask(client, "post", url, filled(name, key, id_for(field, rows), ours, rows))

    assert (response.status_code, bool(written)) == (302, True)


@pytest.mark.parametrize(
    ("name", "key"), [(name, key) for field, name, key in PLACES if key.endswith(("_id", "_pick"))]
)
def test_archived_actor_is_chosen_for_what_has_been_only(client, address, ours, name, key):
    """A relation or a shop in a unit may be of former times; a case or a project is of today."""
    rows, url = rows_of(ours["centre"], ours["carrier"]), address(name)
    archive_actor(rows["actor"])

    response, written = ask(client, "post", url, filled(name, key, rows["actor"].pk, ours, rows))

    is_taken = name.startswith(("actors:relation_", "actors:occupancy_"))
    assert (response.status_code, bool(written)) == ((302, True) if is_taken else (200, False))


@pytest.mark.parametrize(
    ("field", "name", "key"),
    [
        place
        for place in PLACES
        if KINDS.get(place[0].split(".")[1]) == "person" and place[0] not in MEMBERS
    ],
)
@pytest.mark.parametrize("change", [{"user__is_active": False}, {"ends_on": date(2025, 12, 31)}])
def test_who_left_the_desk_is_chosen_for_nothing(client, address, ours, field, name, key, change):
    url = address(name)
    former = MandateFactory(centre=ours["centre"], carrier=ours["carrier"], **change).user

    response, written = ask(client, "post", url, filled(name, key, former.pk, ours, ours))

    assert (response.status_code, written) == (200, [])
    assert "kern-error" in response.text


def test_desk_form_of_two_centres_takes_no_third_one(client, sign_in, ours):
    west, third = CentreFactory(), CentreFactory()
    user = sign_in(Role.MANAGER, centre=ours["centre"])
    MandateFactory(user=user, centre=west)
    url = reverse("contacts:case_create")
    counts = {}

    for given in [*NO_IDS, third.pk, west.pk]:
        response = client.post(url, case_data(ours) | {"centre": given})
        counts[given] = response.status_code, Case.objects.filter(subject="Kehren").count()

    assert counts.pop(west.pk) == (302, 1)
    assert set(counts.values()) == {(200, 0)}


def test_public_form_takes_no_centre_that_does_not_exist(client, ours, monkeypatch):
    monkeypatch.setattr("contacts.intake.suspicion.FASTEST_SECONDS", -1)
    CentreFactory()
    url = reverse("contacts:idea_submit")
    data = {"title": "Bank", "text": "Eine", "name": "Jo", "phone": "030 1"}

    for given in NO_IDS:
        page = client.post(url, data | {"form_key": keys.sign(uuid4()), "centre": given})
        assert (page.status_code, "kern-error" in page.text) == (200, True)

    key = {"form_key": keys.sign(uuid4()), "centre": ours["centre"].pk}
    assert client.post(url, data | key).status_code == 302
    assert Case.objects.filter(subject="Bank").count() == 1


def test_letters_take_no_template_of_another_centre(client, sign_in, ours):
    sign_in(Role.MANAGER, centre=ours["centre"])
    AddressFactory(actor__centre=ours["centre"])  # somebody to write to
    brief = BytesIO()
    docx.Document().save(brief)
    file = store(SimpleUploadedFile("brief.docx", brief.getvalue()))
    template = LetterTemplate.objects.create(name="Einladung", centre=ours["centre"], file=file)
    foreign = LetterTemplate.objects.create(name="Fremd", centre=CentreFactory(), file=file)
    url = reverse("actors:letters_file")

    for given in [*WRONG_IDS, foreign.pk, foreign.pk + 1]:
        page, written = ask(client, "get", url, {"template": given, "shape": "zip"})
        assert (page.status_code, "kern-error" in page.text, written) == (200, True, [])

    answer = client.get(url, {"template": template.pk, "shape": "zip"})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")


def test_template_of_two_centres_goes_to_no_third_one(client, sign_in, ours):
    user = sign_in(Role.MANAGER, centre=ours["centre"])
    MandateFactory(user=user, centre=CentreFactory())
    brief = BytesIO()
    docx.Document().save(brief)
    url = reverse("actors:letter_template_list")

    def post(centre):
        upload = SimpleUploadedFile("brief.docx", brief.getvalue())
        return client.post(url, {"name": "Neu", "centre": centre, "upload": upload})

    for given in [*WRONG_IDS, CentreFactory().pk]:
        page = post(given)
        assert (page.status_code, "kern-error" in page.text) == (200, True)
    assert not LetterTemplate.objects.filter(name="Neu").exists()

    assert post(ours["centre"].pk).status_code == 302
    assert LetterTemplate.objects.filter(name="Neu").exists()


def test_template_of_answers_goes_to_no_foreign_carrier(client, sign_in, ours):
    sign_in(Role.MANAGER, centre=ours["centre"])
    url = reverse("contacts:template_create")
    data = {"name": "Dank", "text": "Vielen Dank."}

    for given in [*NO_IDS, CentreFactory().carrier.pk]:
        response, written = ask(client, "post", url, data | {"carrier": given})
        assert (response.status_code, written) == (200, [])

    response, written = ask(client, "post", url, data | {"carrier": ours["carrier"].pk})
    assert (response.status_code, bool(written)) == (302, True)


def test_answer_takes_no_file_of_a_foreign_draft(client, sign_in, ours):
    sign_in(Role.MANAGER, centre=ours["centre"])
    foreign = ours["attachment"].file
    url = reverse("contacts:case_reply", args=[ours["case"].pk])
    data = {"reply-version": 0, "reply-then": "keep", "reply-text": "Gern.", "reply-until": LATER}

    response, _written = ask(client, "post", url, data | {"reply-kept": foreign.pk})

    answers = ours["case"].messages.filter(kind="outgoing")
    assert response.status_code in (200, 302)
    assert not answers.filter(attachments__file=foreign).exists()


FILTERED = [
    "actors:care_radar",
    "actors:care_sectors",
    "actors:care_streets",
    "actors:unit_list",
    "actors:vacancy_rate",
]


@pytest.mark.parametrize("name", FILTERED)
def test_centre_that_may_not_be_chosen_narrows_a_search_to_nothing_foreign(
    client, sign_in, ours, name
):
    """Of two centres, so that there is a choice at all: the page is the one of no choice."""
    third = CentreFactory(name="Fremdes Zentrum")
    rows_of(third, third.carrier)
    user = sign_in(Role.MANAGER, centre=ours["centre"])
    MandateFactory(user=user, centre=CentreFactory())
    url, seen = reverse(name), ("count", "rows", "sectors", "object_list", "total")
    plain = client.get(url).context

    for given in [*WRONG_IDS, third.pk]:
        page = client.get(url, {"centre": given})
        found = {key: str(page.context.get(key)) for key in seen}
        assert (page.status_code, "Fremdes Zentrum" in page.text) == (200, False)
        assert found == {key: str(plain.get(key)) for key in seen}


def test_file_of_a_foreign_draft_is_not_removed(client, ours):
    upload = SimpleUploadedFile("plan.txt", b"Plan")
    drafts.save(uuid4(), data={"title": "Bank"}, uploads=[upload], language="de")
    count, foreign = StoredFile.objects.count(), StoredFile.objects.latest("pk").pk
    url = reverse("contacts:idea_submit")

    for given in [*NO_IDS, foreign, [foreign, foreign]]:
        key = keys.sign(uuid4())
        assert client.post(url, {"form_key": key, "remove_file": given}).status_code == 302

    assert StoredFile.objects.count() == count


def test_question_takes_no_file_of_another_case(client, address, ours):
    theirs, url = rows_of(ours["centre"], ours["carrier"]), address("contacts:consultation_create")
    data = outreach_data("ask")(ours) | {"ask-recipient": "Bauamt"}

    for given in [*NO_IDS, theirs["attachment"].pk]:
        page, written = ask(client, "post", url, data | {"ask-attachments": given})
        assert (page.status_code, "kern-error" in page.text, written) == (200, True, [])

    answer, written = ask(client, "post", url, data | {"ask-attachments": ours["attachment"].pk})
    assert (answer.status_code, bool(written)) == (302, True)


def ids_of(base: type[forms.BaseForm]) -> Iterator[str]:
    """Each field that takes an id, by the form that declares it."""
    for form in base.__subclasses__():
        yield from ids_of(form)
        ours = form.__module__.partition(".")[0] in ("actors", "contacts", "projects", "zentrum")
        for name, field in getattr(form, "base_fields", {}).items() if ours else ():
            above = any(name in getattr(parent, "base_fields", {}) for parent in form.__bases__)
            if isinstance(field, forms.ModelChoiceField | ActorChoice) and not above:
                yield f"{form.__name__}.{name}"


def test_every_field_that_takes_an_id_is_tried():
    get_resolver().url_patterns  # noqa: B018 - imports all forms
    tried = {field for field, _name, _key in PLACES} | TRIED_BELOW | FILTERS

    assert set(ids_of(forms.BaseForm)) - tried == set()

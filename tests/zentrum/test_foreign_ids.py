"""An address with the id of a row that somebody may not see: there is no such row for them."""

import pytest
from django.urls import reverse

from tests.factories.office import CarrierFactory, CentreFactory
from tests.zentrum.desk_rows import Rows, ask, rows_of
from tests.zentrum.test_access import CLOSED
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db

# Which row of a desk an address is about: the first beginning that fits its name.
ABOUT = {
    "contacts:case_attachment": {"pk": "attachment"},
    "contacts:submission_": {"pk": "submission"},
    "contacts:consultation_create": {"pk": "case"},
    "contacts:consultation_": {"pk": "consultation"},
    "contacts:template_": {"pk": "template"},
    "contacts:signature_update": {"carrier_pk": "carrier"},
    "contacts:delivery_settle": {"pk": "case", "message_pk": "message"},
    "contacts:reply_take_back": {"pk": "case", "message_pk": "message"},
    "contacts:mail_": {"pk": "held_back"},
    "contacts:message_": {"pk": "said"},
    "contacts:mailbox_": {"pk": "mailbox"},
    "contacts:follow_up_": {"pk": "follow_up"},
    "contacts:": {"pk": "case"},
    "projects:idea_": {"pk": "idea"},
    "projects:comment_": {"pk": "comment"},
    "projects:milestone_create": {"pk": "project"},
    "projects:milestone_": {"pk": "project", "milestone_pk": "milestone"},
    "projects:document_create": {"pk": "project"},
    "projects:site_notice_create": {"pk": "project"},
    "projects:site_notice_": {"pk": "project", "notice_pk": "site_notice"},
    "projects:document_": {"pk": "project", "document_pk": "document"},
    "projects:booking_correct": {"pk": "project", "booking_pk": "booking"},
    "projects:programme_": {"pk": "programme"},
    "projects:indicator_create": {"pk": "goal"},
    "projects:indicator_": {"pk": "indicator"},
    "projects:reading_create": {"pk": "indicator"},
    "projects:reading_": {"pk": "indicator", "reading_pk": "reading"},
    "projects:goal_create": {"pk": "programme"},
    "projects:goal_": {"pk": "programme", "goal_pk": "goal"},
    "projects:": {"pk": "project"},
    "actors:relation_create": {"pk": "actor"},
    "actors:relation_": {"pk": "actor", "relation_pk": "relation"},
    "actors:import_": {"pk": "run"},
    "actors:letter_template_": {"pk": "letter_template"},
    "actors:lost_": {"pk": "lost"},
    "actors:body_": {"pk": "body"},
    "actors:quota_create": {"pk": "body"},
    "actors:quota_": {"pk": "body", "quota_pk": "quota"},
    "actors:seat_create": {"pk": "body"},
    "actors:seat_": {"pk": "body", "seat_pk": "seat"},
    "actors:note_create": {"pk": "actor"},
    "actors:contact_person_withdraw": {"pk": "twin", "person_pk": "contact_person"},
    "actors:contact_person_set": {"pk": "actor"},
    "actors:handover_": {"pk": "handover"},
    "actors:round_": {"pk": "round"},
    "actors:visit_plan": {"pk": "actor"},
    "actors:visit_": {"pk": "visit"},
    "actors:candidate_": {"pk": "candidate"},
    "actors:consent_create": {"pk": "actor"},
    "actors:consent_": {"pk": "actor", "consent_pk": "consent"},
    "actors:disclosure_": {"pk": "disclosure"},
    "actors:disclosure": {"pk": "actor"},
    "actors:proposal_": {"pk": "proposal"},
    "actors:merge_": {"pk": "merge"},
    "actors:expertise_create": {"pk": "actor"},
    "actors:expertise_": {"pk": "actor", "expertise_pk": "expertise"},
    "actors:actor_merge": {"pk": "actor", "merged_pk": "twin"},
    "actors:actor_": {"pk": "actor"},
    "actors:occupancy_create": {"pk": "unit"},
    "actors:occupancy_": {"pk": "unit", "occupancy_pk": "occupancy"},
    "actors:unit_": {"pk": "unit"},
    "actors:sighting_save": {"pk": "walk", "unit_pk": "unit"},
    "actors:walk_": {"pk": "walk"},
    "actors:space_request_": {"pk": "space_request"},
    "mail:outgoing_attachment": {"pk": "mail", "file_pk": "mail_file"},
    "mail:": {"pk": "mail"},
    "office:centre_": {"pk": "centre"},
    "office:closingday_": {"pk": "closing_day"},
    "office:absence_": {"pk": "absence"},
}
# Tried by themselves: a second press finds nothing either.
TAKEN_AWAY = ("projects:participant_delete", "projects:goal_remove", "projects:document_remove")
# People and mandates are the technical administrator's; years, rules, tiles and the words of a
# language are nobody's rows.
OF_NO_DESK = (
    "actors:rule_update",
    "accounts:",
    "office:mandate_",
    "office:holiday_year",
    "portal:",
    "projects:synonym_",
    *TAKEN_AWAY,
)
WITH_IDS = [name for name, sample in CLOSED if sample and not name.startswith(OF_NO_DESK)]
NAMES = [name for name in WITH_IDS if name.startswith(tuple(ABOUT))]
# Carriers of one centre share its actors, imports and closing days, its own one has the quarantine;
# a carrier shares its people.
SHARED = {
    "carrier": (
        *("actors:", "contacts:submission_", "office:centre_", "office:closingday_"),
        *("projects:programme_", "projects:goal_", "projects:indicator_", "projects:reading_"),
    ),
    "centre": ("office:absence_", "contacts:template_", "contacts:signature_"),
    "both": ("none",),
}


def about(name: str) -> dict[str, str]:
    return next(ids for beginning, ids in ABOUT.items() if name.startswith(beginning))


def address(name: str, outer: Rows, inner: Rows) -> str:
    """The address for the rows of one desk; `inner` gives what stands below the first id."""
    (first, kind), *rest = about(name).items()
    kwargs = {first: outer[kind].pk} | {key: inner[kind].pk for key, kind in rest}
    return reverse(name, kwargs=kwargs)


@pytest.fixture
def ours(sign_in) -> Rows:
    centre = CentreFactory()
    sign_in(Role.MANAGER, centre=centre)
    return rows_of(centre, centre.carrier)


def test_every_address_with_an_id_is_tried():
    """A new one: say in ABOUT whose row it is about, and make such a row in `rows_of`."""
    assert sorted(set(WITH_IDS) - set(NAMES)) == []


@pytest.mark.parametrize("differs", SHARED)
def test_rows_of_another_desk_do_not_exist(client, ours, differs):
    centre = ours["centre"] if differs == "carrier" else CentreFactory()
    carrier = ours["carrier"] if differs == "centre" else CarrierFactory()
    theirs = rows_of(centre, carrier)
    answers = {}

    for name in [name for name in NAMES if not name.startswith(SHARED[differs])]:
        for method in ("get", "post"):
            response, written = ask(client, method, address(name, theirs, theirs))
            answers[name, method] = response.status_code, written

    # 405: a page that only shows something takes no POST, an action no GET.
    assert {k: a for k, a in answers.items() if a not in [(404, []), (405, [])]} == {}
    assert len(answers) > 40


@pytest.mark.parametrize("role", [Role.DESK, Role.CITY, Role.BODY_MEMBER, Role.TECHNICAL])
def test_no_role_writes_to_another_desk(client, sign_in, role):
    mine, centre = CentreFactory(), CentreFactory()
    theirs = rows_of(centre, centre.carrier)
    sign_in(role, centre=mine)

    answers = {name: ask(client, "post", address(name, theirs, theirs)) for name in NAMES}

    found = {name: (response.status_code, sql) for name, (response, sql) in answers.items()}
    assert {n: a for n, a in found.items() if a not in [(403, []), (404, []), (405, [])]} == {}


@pytest.mark.parametrize("name", [name for name in NAMES if len(about(name)) > 1])
def test_foreign_row_below_an_own_one_does_not_exist(client, ours, name):
    centre = CentreFactory()

    response, written = ask(client, "post", address(name, ours, rows_of(centre, centre.carrier)))

    assert (response.status_code, written) == (404, [])


def test_foreign_participant_is_not_taken_away(client, ours):
    centre = CentreFactory()
    theirs = rows_of(centre, centre.carrier)
    for outer, inner in ((ours, theirs), (theirs, theirs), (ours, ours)):
        keys = [outer["project"].pk, inner["participant"].pk]
        client.post(reverse("projects:participant_delete", args=keys))

    assert theirs["project"].participants.count() == 1
    assert ours["project"].participants.count() == 0


def test_foreign_document_is_not_taken_away(client, ours):
    centre = CentreFactory()
    theirs = rows_of(centre, centre.carrier)
    for outer, inner in ((ours, theirs), (theirs, theirs), (ours, ours)):
        keys = [outer["project"].pk, inner["document"].pk]
        client.post(reverse("projects:document_remove", args=keys))

    assert theirs["project"].documents.count() == 1
    assert ours["project"].documents.count() == 0


def test_foreign_goal_is_not_taken_away(client, ours):
    centre = CentreFactory()
    theirs = rows_of(centre, centre.carrier)
    for outer, inner in ((ours, theirs), (theirs, theirs), (ours, ours)):
        keys = [outer["programme"].pk, inner["goal"].pk]
        client.post(reverse("projects:goal_remove", args=keys))

    assert theirs["programme"].goals.contains(theirs["goal"])
    assert not ours["programme"].goals.contains(ours["goal"])


@pytest.mark.parametrize("name", NAMES)
def test_own_rows_exist(client, ours, name):
    """Otherwise the tests above would prove nothing."""
    response, _written = ask(client, "post", address(name, ours, ours))

    assert response.status_code in (200, 302, 405)

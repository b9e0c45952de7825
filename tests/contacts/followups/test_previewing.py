"""What will be sent next: found ahead of time, nothing written, as far as one sees it."""

from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.followups import delivering, reminding
from contacts.followups.models import Reminder
from tests.factories.contacts import (
    CaseFactory,
    ConsultationFactory,
    FollowUpFactory,
    ReminderSettingsFactory,
)
from tests.factories.office import CarrierFactory, CentreFactory, MandateFactory
from tests.factories.projects import MilestoneFactory, ProjectFactory
from zentrum.accounts.roles import Role
from zentrum.office.models import Absence

URL = reverse("contacts:reminder_preview")
FRIDAY_NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
MONDAY = date(2026, 11, 23)
MONDAY_OPENING = datetime(2026, 11, 23, 8, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return CentreFactory()


@pytest.fixture
def manager(sign_in, centre):
    return sign_in(Role.MANAGER, centre=centre)


def seen(client):
    with time_machine.travel(FRIDAY_NOON, tick=False):
        desks = client.get(URL).context["desks"]
    return [row for desk in desks for row in desk.rows]


def test_each_kind_is_announced_and_nothing_written(client, centre, manager):
    place = {"centre": centre, "owner": manager}
    waiting = {"state": "waiting", "waiting_since": FRIDAY_NOON.date(), "waiting_until": MONDAY}
    due = CaseFactory(**place, reply_by=MONDAY, read_at=FRIDAY_NOON)
    taken_up = CaseFactory(**place, **waiting, reply_by=date(2027, 1, 4))
    quiet = CaseFactory(**place, reply_by=date(2027, 1, 4))
    project = ProjectFactory(centre=centre, lead=manager)
    milestone = MilestoneFactory(project=project, planned_on=MONDAY)
    follow_up = FollowUpFactory(case=quiet, centre=centre, assignee=manager, due_on=MONDAY)
    asked = ConsultationFactory(case=quiet, due_on=date(2026, 11, 24))

    found = {coming.reminder.kind: coming for coming in seen(client)}

    about = {kind: coming.matter.pk for kind, coming in found.items()}
    assert about == {
        "reply_today": due.pk, "wait_over": taken_up.pk, "milestone_due": project.pk,
        "follow_up": follow_up.pk, "advice_coming": quiet.pk,
    }  # fmt: skip
    assert found["advice_coming"].office == asked.name
    assert found["milestone_due"].reminder.milestone == milestone
    assert not Reminder.objects.exists()


def test_what_is_announced_is_what_is_sent(client, centre, manager):
    """To whom, and how: in the digest, at once, after quiet hours, by nobody."""
    late = MandateFactory(role=Role.DESK, centre=centre).user
    single = MandateFactory(role=Role.DESK, centre=centre).user
    away = MandateFactory(role=Role.DESK, centre=centre).user
    quiet = {"quiet_from": time(7), "quiet_to": time(10)}
    ReminderSettingsFactory(user=late, wants_single=True, **quiet)
    ReminderSettingsFactory(user=single, wants_single=True)
    Absence.objects.create(user=away, deputy=single, starts_on=MONDAY, ends_on=MONDAY)
    cases = {
        owner: CaseFactory(centre=centre, owner=owner, reply_by=MONDAY, read_at=FRIDAY_NOON)
        for owner in (manager, late, single, away)
    }

    ways = {coming.matter.pk: coming.way for coming in seen(client)}
    with time_machine.travel(MONDAY_OPENING, tick=False):
        reminding.write_due(MONDAY_OPENING)
        delivering.send_all(delivering.due_ids(MONDAY_OPENING))

    rows = {row.case_id: row for row in Reminder.objects.filter(occurs_on=MONDAY)}
    assert len(rows) == len(ways) == len(cases)
    for pk, way in ways.items():
        row = rows[pk]
        assert way.is_in_digest == bool(row.skipped_at)
        assert row.recipient in (None, way.recipient)
        assert way.is_in_digest or row.sent_at == (way.at if way.at == MONDAY_OPENING else None)
    assert rows[cases[late].pk].due_at == ways[cases[late].pk].at
    assert ways[cases[away].pk].recipient == single


def test_what_is_written_already_is_not_announced_again(client, centre, manager):
    CaseFactory(centre=centre, owner=manager, reply_by=MONDAY, read_at=FRIDAY_NOON)
    reminding.write_due(MONDAY_OPENING)

    assert seen(client) == []


def test_only_what_one_sees_is_announced(client, sign_in, centre):
    user = sign_in(Role.DESK, centre=centre)
    due = {"reply_by": MONDAY, "read_at": FRIDAY_NOON}
    mine = CaseFactory(centre=centre, owner=user, **due)
    CaseFactory(centre=centre, **due)
    CaseFactory(centre=centre, carrier=CarrierFactory(), **due)
    CaseFactory(owner=user, **due)
    other = ProjectFactory(centre=centre, carrier=CarrierFactory())
    MilestoneFactory(project=other, planned_on=MONDAY)
    FollowUpFactory(case=CaseFactory(centre=centre), centre=centre, due_on=MONDAY)

    assert [coming.matter.pk for coming in seen(client)] == [mine.pk]


def test_page_needs_the_same_queries(client, centre, manager):
    needed = []
    for count in (1, 3):
        for _ in range(count):
            case = CaseFactory(centre=centre, owner=manager, reply_by=MONDAY)
            MilestoneFactory(project=ProjectFactory(centre=centre, lead=manager), planned_on=MONDAY)
            FollowUpFactory(case=case, centre=centre, assignee=manager, due_on=MONDAY)
        with CaptureQueriesContext(connection) as queries:
            assert len(seen(client)) >= 3 * count
        needed.append(len(queries))

    assert needed[0] == needed[1]


@pytest.mark.parametrize("role", [Role.CITY, Role.BODY_MEMBER, Role.TECHNICAL])
def test_page_is_for_people_of_the_desk(client, sign_in, role):
    sign_in(role)

    assert client.get(URL).status_code == 403

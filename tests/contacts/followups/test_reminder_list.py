from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.models import Reminder
from tests.factories.contacts import CaseFactory, ConsultationFactory, FollowUpFactory
from tests.factories.mail import OutgoingMailFactory
from tests.factories.office import CarrierFactory, CentreFactory, UserFactory
from tests.factories.projects import IdeaFactory, MilestoneFactory, ProjectFactory
from zentrum.accounts.roles import Role

URL = reverse("contacts:reminder_list")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
DAY = date(2026, 11, 23)

pytestmark = pytest.mark.django_db


def remind(kind="reply_today", **fields):
    number = Reminder.objects.count()
    fields.setdefault("owner", getattr(fields.get("case"), "owner", None) or UserFactory())
    values = {"key": f"k{number}", "occurs_on": DAY, "due_at": NOW} | fields
    return Reminder.objects.create(kind=kind, **values)


@pytest.fixture
def centre():
    return CentreFactory()


@pytest.fixture
def manager(sign_in, centre):
    return sign_in(Role.MANAGER, centre=centre)


def rows(client, **query):
    return [row for row, _matter in client.get(URL, query).context["rows"]]


def test_page_shows_each_state_and_why_one_was_skipped(client, centre, manager):
    case = CaseFactory(centre=centre, owner=manager)
    upcoming = remind(case=case)
    skipped = remind(case=case, skipped_at=NOW, skipped_reason="Der Vorgang ist geschlossen.")
    mails = [OutgoingMailFactory(sent_at=NOW), OutgoingMailFactory(given_up_at=NOW)]
    sent, failed = (remind(case=case, sent_at=NOW, mail=mail, recipient=manager) for mail in mails)

    page = client.get(URL)
    assert [row for row, _matter in page.context["rows"]] == [failed, sent, skipped, upcoming]
    assert "Der Vorgang ist geschlossen." in page.text
    by_state = {
        state: rows(client, state=state) for state in ("upcoming", "sent", "skipped", "failed")
    }
    assert by_state == {
        "upcoming": [upcoming], "sent": [sent], "skipped": [skipped], "failed": [failed],
    }  # fmt: skip


def test_filters_by_kind_person_day_and_case(client, centre, manager):
    case = CaseFactory(centre=centre, owner=manager)
    here = remind(case=case)
    other = remind("reply_overdue", case=CaseFactory(centre=centre), occurs_on=date(2026, 11, 24))

    assert rows(client, kind="reply_overdue") == [other]
    assert rows(client, person=manager.pk) == [here]
    assert rows(client, day="2026-11-24") == [other]
    assert rows(client, case=case.pk) == [here]
    assert rows(client, kind="nonsense", day="x") == [other, here]


def parked(centre):
    back = {"returns_on": date(2026, 11, 23), "parked_by": UserFactory()}
    return IdeaFactory(centre=centre, state="parked", reason="Später", **back)


def asked_about(**place):
    return ConsultationFactory(case=CaseFactory(**place))


def test_only_one_s_own_and_those_of_one_s_desk(client, centre, manager):
    carrier = CarrierFactory()
    project = ProjectFactory(centre=centre, lead=manager)
    follow_up = FollowUpFactory(case=CaseFactory(centre=centre), centre=centre)
    mine = [
        remind(case=CaseFactory(centre=centre)),
        remind("milestone_due", milestone=MilestoneFactory(project=project)),
        remind("advice_overdue", consultation=asked_about(centre=centre)),
        remind("follow_up", follow_up=follow_up),
        remind("digest", owner=manager),
        remind("idea_returns", idea=parked(centre)),
    ]
    remind(case=CaseFactory(centre=centre, carrier=carrier))
    remind(case=CaseFactory())
    remind("milestone_due", milestone=MilestoneFactory())
    remind("advice_overdue", consultation=asked_about(centre=centre, carrier=carrier))
    remind("follow_up", follow_up=FollowUpFactory(case=CaseFactory()))
    remind("digest")
    remind("idea_returns", idea=parked(CentreFactory()))

    assert rows(client) == mine[::-1]


def test_page_needs_the_same_queries(client, centre, manager):
    needed = []
    for count in (1, 3):
        for _ in range(count):
            remind(case=CaseFactory(centre=centre))
        with CaptureQueriesContext(connection) as queries:
            rows(client)
        needed.append(len(queries))

    assert needed[0] == needed[1] <= 10


def test_older_ones_follow_from_the_last_row_seen(client, centre, manager):
    case = CaseFactory(centre=centre)
    made = [remind(case=case) for _ in range(51)]
    page = client.get(URL, {"kind": "reply_today"})

    older = client.get(URL + page.context["older"])

    assert "kind=reply_today" in page.context["older"]
    assert [row for row, _matter in older.context["rows"]] == made[:1]
    assert older.context["older"] == ""


@pytest.mark.parametrize("role", [Role.CITY, Role.BODY_MEMBER, Role.TECHNICAL])
def test_page_is_for_people_of_the_desk(client, sign_in, role):
    sign_in(role)

    assert client.get(URL).status_code == 403

"""The promise: by kind of matter, changed with a reason, standing still while a case waits."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from contacts.cases import services
from contacts.cases.links import status_path
from contacts.intake.services import receive
from contacts.models import Case, Message, ReplyPeriod
from tests.factories.contacts import CaseFactory
from tests.factories.office import CentreFactory, MandateFactory
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)
NEXT_TUESDAY = date(2026, 12, 1)


def at(day, clock=10):
    return time_machine.travel(
        datetime(day.year, day.month, day.day, clock, tzinfo=UTC), tick=False
    )


@pytest.fixture
def manager():
    return MandateFactory(user__name="Petra Berg").user


@pytest.fixture
def case(manager):
    return CaseFactory(
        centre=manager.mandates.get().centre,
        owner=manager,
        subject="Lieferzone",
        sender_name="Ayşe Öztürk",
        sender_email="ayse@example.org",
        reply_by=FRIDAY,
    )


def wait(case, **changes):
    values = {"until": NEXT_TUESDAY, "waiting_for": "Foto", "waiting_on": "sender", "version": 0}
    services.wait(case, by=case.owner, **values | changes)


@pytest.mark.parametrize(("kind", "day"), [("idea", 25), ("complaint", 30)])
def test_each_kind_has_its_own_period_and_the_others_the_town_s(manager, kind, day):
    ReplyPeriod.objects.create(kind="idea", days=2)
    centre = manager.mandates.get().centre

    with at(MONDAY):
        case = receive(
            kind=kind, channel="online", subject="Bank", text="x", centre=centre,
            sender_email="jo@example.org",
        )  # fmt: skip

    assert case.reply_by == case.promised_on == case.promise_ends_on == date(2026, 11, day)
    with translation.override("de"):
        assert f"{day}. November 2026" in OutgoingMail.objects.get().text


def test_manager_edits_the_periods_and_empties_one(client, sign_in):
    sign_in(Role.MANAGER)
    url = reverse("contacts:reply_periods")
    ReplyPeriod.objects.create(kind="idea", days=2)

    client.post(url, {"enquiry": "3", "idea": "", "complaint": "10"})

    assert dict(ReplyPeriod.objects.values_list("kind", "days")) == {"enquiry": 3, "complaint": 10}
    page = client.get(url)
    assert (page.context["form"]["enquiry"].value(), page.context["form"]["idea"].value()) == (
        3,
        None,
    )


@pytest.mark.parametrize("days", ["0", "61", "-1", "x"])
def test_periods_refuse_what_is_no_promise(client, sign_in, days):
    sign_in(Role.DEPUTY)

    response = client.post(reverse("contacts:reply_periods"), {"enquiry": days})

    assert list(response.context["form"].errors) == ["enquiry"]
    assert not ReplyPeriod.objects.exists()


@pytest.mark.parametrize("role", [Role.DESK, Role.CITY, Role.BODY_MEMBER, Role.TECHNICAL])
def test_only_who_leads_the_office_changes_the_periods(client, sign_in, role):
    sign_in(role)

    assert client.post(reverse("contacts:reply_periods"), {"enquiry": 3}).status_code == 403


def test_new_date_needs_a_reason_and_the_sender_reads_it(client, case, manager):
    with at(MONDAY):
        with pytest.raises(ValidationError):
            services.promise(case, reply_by=NEXT_TUESDAY, reason="  ", by=manager, version=0)
        with pytest.raises(ValidationError):
            services.promise(case, reply_by=FRIDAY, reason="Amt", by=manager, version=0)
        reason = "Das Ordnungsamt antwortet erst am Montag."
        services.promise(case, reply_by=NEXT_TUESDAY, reason=reason, by=manager, version=0)
        page = client.get(status_path(case)).text

    event = case.messages.get()
    mail = OutgoingMail.objects.get()
    assert (event.mail, mail.to) == (mail, "ayse@example.org")
    assert ("1. Dezember 2026" in mail.text, "27. November 2026" in mail.text) == (True, True)
    assert (reason in mail.text, reason in page) == (True, True)


def test_new_date_without_an_address_stands_on_the_status_page_only(client, case, manager):
    Case.objects.update(sender_email="")
    with at(MONDAY):
        services.promise(case, reply_by=NEXT_TUESDAY, reason="Amt zu.", by=manager, version=0)

        assert "Amt zu." in client.get(status_path(case)).text
    assert OutgoingMail.objects.count() == 0


def test_sender_reads_no_other_event_and_no_note(client, case, manager):
    services.add_note(case, author=manager, text="Geheimnis eins")
    services.close(case, outcome="withdrawn", outcome_text="", by=manager, version=0)
    services.reopen(case, by=manager)

    page = client.get(status_path(case))

    assert list(page.context["entries"]) == []
    assert "Geheimnis" not in page.text


def test_answer_that_stays_open_says_the_next_date_in_one_mail(client, case, manager, sign_in):
    sign_in(user=manager)
    Authenticator.objects.create(user=manager, type="totp", data={})
    data = {"reply-text": "Wir fragen.", "reply-then": "keep", "reply-by_mail": "on"}
    with at(MONDAY):
        url = reverse("contacts:case_reply", args=[case.pk])
        client.post(url, data | {"reply-version": 0, "reply-until": "2026-12-01"})

    case.refresh_from_db()
    assert case.reply_by == NEXT_TUESDAY
    assert "1. Dezember" in OutgoingMail.objects.get().text


@pytest.mark.parametrize(("on", "word"), [("sender", "von Ihnen"), ("third_party", "warten")])
def test_waiting_tells_the_sender_for_what_and_when_the_answer_is_to_be_expected(case, on, word):
    with at(MONDAY):
        wait(case, waiting_on=on)

    text = " ".join(OutgoingMail.objects.get().text.split())
    assert (word in text, "Foto" in text) == (True, True)
    assert "7. Dezember 2026" in text  # Friday, and the six working days until Tuesday


def test_days_waited_are_added_to_the_promise(case):
    with at(MONDAY):
        wait(case)
    with at(date(2026, 11, 25)):
        services.resume(case)

    assert (case.reply_by, case.promise_ends_on) == (NEXT_TUESDAY, NEXT_TUESDAY)
    assert case.promised_on == FRIDAY
    assert (case.waiting_on, case.waiting_since, case.waiting_until) == ("", None, None)
    assert case.messages.last().text.startswith("27.11.2026 → 01.12.2026: 2 ")


def test_pause_over_holidays_and_a_weekend_counts_working_days_only(case):
    Case.objects.update(reply_by=date(2026, 12, 23), promise_ends_on=date(2026, 12, 23))
    with at(date(2026, 12, 23)):
        wait(case, until=date(2026, 12, 28))
    with at(date(2026, 12, 28)):  # the 25th is a holiday, 26th and 27th a weekend
        services.resume(case)

    assert case.reply_by == date(2026, 12, 28)  # 24 and 28 December were waited


def test_case_that_was_overdue_before_it_waited_is_still_so(case):
    Case.objects.update(reply_by=date(2026, 11, 20))
    with at(MONDAY):
        wait(case)
    with at(date(2026, 11, 24)):
        services.resume(case)

        assert case.reply_by < date(2026, 11, 24)


def test_waiting_on_with_another_word_is_one_pause(case):
    with at(MONDAY):
        wait(case)
    with at(date(2026, 11, 24)):
        wait(case, version=1, waiting_on="date")
    with at(date(2026, 11, 25)):
        services.resume(case)

    assert case.reply_by == NEXT_TUESDAY


def test_sender_sees_whom_we_wait_for_and_the_expected_date(client, case):
    with at(MONDAY):
        wait(case)
        page = client.get(status_path(case))

    assert page.context["expected"] == date(2026, 12, 7)
    assert "Wir warten bis Dienstag, 1. Dezember 2026 auf Sie: Foto." in page.text


@pytest.mark.parametrize(("day", "kept"), [(FRIDAY, True), (date(2026, 11, 28), False)])
def test_first_answer_fixes_whether_the_promise_was_kept(case, manager, day, kept):
    with at(day):
        services.reply(case, author=manager, text="Ja.", version=0)
        services.reply(case, author=manager, text="Und ja.", version=1)

    case.refresh_from_db()
    assert case.promise_kept is kept


@pytest.mark.parametrize("resumes", [True, False])
def test_pause_counts_for_the_kept_promise(case, manager, resumes):
    """Two days waited: the answer two days after the promised one is in time."""
    with at(MONDAY):
        wait(case)
    if resumes:
        with at(date(2026, 11, 25)):
            services.resume(case)
    with at(NEXT_TUESDAY):
        services.reply(case, author=manager, text="Ja.", version=case.version)

    assert case.promise_kept is True
    with at(date(2026, 12, 2)):  # later pauses change nothing about the first answer
        if case.state == "open":
            wait(case, version=case.version, until=date(2026, 12, 9))
        services.resume(case) if resumes else None
    case.refresh_from_db()
    assert case.promise_ends_on == NEXT_TUESDAY if resumes else date(2026, 12, 3)


def test_closing_ends_the_pause(case, manager):
    with at(MONDAY):
        wait(case)
        services.close(case, outcome="withdrawn", outcome_text="", by=manager, version=case.version)

    assert (case.waiting_on, case.waiting_since) == ("", None)


@pytest.mark.parametrize(
    "broken",
    [
        {"waiting_since": MONDAY},
        {"waiting_on": "sender"},
        {"promise_kept": True},
        {"state": "waiting"},
    ],
)
def test_database_refuses_half_a_pause_and_half_an_answer(case, broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**broken)


def test_database_refuses_a_period_of_no_day_and_a_second_one():
    ReplyPeriod.objects.create(kind="idea", days=2)
    for broken in ({"kind": "enquiry", "days": 0}, {"kind": "idea", "days": 3}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReplyPeriod.objects.create(**broken)


def test_public_form_names_the_period_of_ideas(client):
    CentreFactory()
    ReplyPeriod.objects.create(kind="idea", days=2)

    for name in ("portal:start", "contacts:idea_submit"):
        assert "2 Arbeitstage" in client.get(reverse(name)).text


def test_event_of_the_wait_is_kept_with_its_words(case):
    with at(MONDAY):
        wait(case)

    event = case.messages.get()
    assert (event.event, "01.12.2026: Foto" in event.text) == (Message.Event.WAITING, True)

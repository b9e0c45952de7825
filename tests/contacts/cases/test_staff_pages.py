import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from contacts.cases.listing import PAGE_SIZE
from contacts.cases.models import OFTEN
from contacts.models import Attachment, Case, Message, ReplyDraft
from tests.factories.actors import ActorFactory, EmailAddressFactory
from tests.factories.contacts import CaseFactory, MessageFactory
from tests.factories.office import CentreFactory, MandateFactory, UserFactory
from tests.factories.projects import IdeaFactory, MilestoneFactory, ProjectFactory
from zentrum.accounts.roles import Role
from zentrum.files import services as files
from zentrum.mail.models import OutgoingMail
from zentrum.office.models import Absence

LIST = reverse("contacts:case_list")
TODAY = reverse("contacts:today")
DAY = timedelta(days=1)


@pytest.fixture
def centre(db):
    return CentreFactory()


@pytest.fixture
def manager(sign_in, centre):
    return sign_in(Role.MANAGER, centre=centre)


def make(centre, owner, **fields):
    fields.setdefault("reply_by", timezone.localdate() + 3 * DAY)
    return CaseFactory(centre=centre, owner=owner, **fields)


def url(name, case):
    return reverse(f"contacts:{name}", args=[case.pk])


def page_of(response):
    return response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_needs_the_same_queries_for_any_length(
    client, centre, manager, django_assert_num_queries, count
):
    for _ in range(count):
        make(centre, manager, actor=ActorFactory(centre=centre))

    with django_assert_num_queries(10):
        response = client.get(LIST, {"q": "Anliegen"})

    assert len(response.context["page"].object_list) == count


@pytest.mark.parametrize("count", [1, 3])
def test_today_needs_the_same_queries_for_any_length(
    client, centre, manager, django_assert_num_queries, count
):
    for _ in range(count):
        make(centre, manager, reply_by=timezone.localdate() - DAY)
        project = ProjectFactory(centre=centre, lead=manager)
        MilestoneFactory(project=project, planned_on=timezone.localdate())

    with django_assert_num_queries(11):
        response = client.get(TODAY)

    assert [len(section.cases) for section in response.context["sections"]] == [count]
    assert len(response.context["milestones"]) == count


def test_a_parked_idea_is_back_on_the_day_of_who_parked_it(
    client, centre, manager, django_assert_num_queries
):
    today = timezone.localdate()
    parked = {"centre": centre, "state": "parked", "reason": "Erst das Glasfaser"}
    idea = IdeaFactory(**parked, returns_on=today, parked_by=manager)
    IdeaFactory(**parked, returns_on=today + DAY, parked_by=manager)
    IdeaFactory(**parked, returns_on=today, parked_by=UserFactory())
    IdeaFactory(**parked | {"centre": CentreFactory()}, returns_on=today, parked_by=manager)

    with django_assert_num_queries(11):
        response = client.get(TODAY)

    assert response.context["beside"] == {"ideas": [idea]}
    assert "Erst das Glasfaser" in page_of(response)


def test_projects_that_nobody_leads_stand_on_the_day_of_who_leads_the_desk(
    client, sign_in, centre, manager, django_assert_num_queries
):
    gone = MandateFactory(centre=centre, carrier=centre.carrier, ends_on=date(2020, 1, 1)).user
    project = ProjectFactory(centre=centre, lead=gone)
    ProjectFactory(centre=centre, lead=gone, phase="completed")
    ProjectFactory(centre=centre, lead=manager)
    ProjectFactory(lead=gone)

    with django_assert_num_queries(11):
        response = client.get(TODAY)

    assert response.context["beside"] == {"leaderless": [project]}
    sign_in(Role.DESK, centre=centre, carrier=centre.carrier)
    assert client.get(TODAY).context["beside"] == {}


def test_a_milestone_stands_on_the_today_of_who_answers_for_it(client, centre, manager, sign_in):
    today = timezone.localdate()
    project = ProjectFactory(centre=centre, carrier=centre.carrier, lead=manager)
    own = MilestoneFactory(project=project, planned_on=today)
    colleague = UserFactory()
    handed = MilestoneFactory(project=project, planned_on=today, person=colleague)

    assert client.get(TODAY).context["milestones"] == [own]

    sign_in(Role.DESK, user=colleague, centre=centre, carrier=centre.carrier)
    assert client.get(TODAY).context["milestones"] == [handed]


@pytest.mark.parametrize("count", [1, 3])
def test_case_needs_the_same_queries_for_any_length(
    client, centre, manager, django_assert_num_queries, count
):
    case = make(centre, manager, sender_email="a@example.org")
    for _ in range(count):
        message = MessageFactory(case=case)
        stored = files.store(SimpleUploadedFile("a.txt", b"a"))
        Attachment.objects.create(message=message, file=stored)

    with django_assert_num_queries(10):
        response = client.get(case.get_absolute_url())

    assert len(response.context["entries"]) == count


def test_today_sorts_each_case_into_the_section_that_presses_most(client, centre, manager):
    today = timezone.localdate()
    read = {"read_at": timezone.now()}
    overdue = make(centre, manager, reply_by=today - DAY)
    due = make(centre, manager, reply_by=today)
    new = make(centre, manager, reply_by=today + 30 * DAY)
    soon = make(centre, manager, reply_by=today + 2 * DAY, **read)
    waiting = make(centre, manager, state="waiting", waiting_until=today, waiting_for="Amt", **read)
    make(centre, manager, reply_by=today + 30 * DAY, **read)
    make(centre, UserFactory(), reply_by=today)
    make(CentreFactory(), manager, reply_by=today)

    sections = client.get(TODAY).context["sections"]

    assert [(section.key, section.cases) for section in sections] == [
        ("overdue", [overdue]),
        ("due", [due]),
        ("new", [new]),
        ("waiting", [waiting]),
        ("soon", [soon]),
    ]


def test_today_shows_what_i_stand_in_for_also_through_a_chain(client, centre, manager):
    today = timezone.localdate()
    away, between, back = UserFactory(), UserFactory(), UserFactory()
    for user, deputy, start in (
        (away, between, today),
        (between, manager, today - DAY),
        (back, manager, today + DAY),
    ):
        Absence.objects.create(user=user, deputy=deputy, starts_on=start, ends_on=start + 3 * DAY)
    expected = [make(centre, away, reply_by=today), make(centre, between, reply_by=today)]
    make(centre, back, reply_by=today)

    response = client.get(TODAY)

    assert response.context["sections"][0].cases == expected
    assert {user.pk for user in response.context["stands_in_for"]} == {away.pk, between.pk}


def test_list_filters_searches_and_sorts(client, centre, manager):
    today = timezone.localdate()
    late = make(centre, manager, reply_by=today - DAY, subject="Müll")
    soon = make(centre, manager, kind="complaint", channel="phone")
    done = make(
        centre, UserFactory(), state="closed", outcome="withdrawn", closed_at=timezone.now()
    )
    MessageFactory(case=done, text="Die Straßenlaterne flackert")
    MessageFactory(case=done, text="Beim Bäcker")
    make(CentreFactory(), manager)

    def rows(**query):
        return list(client.get(LIST, query).context["page"].object_list)

    assert rows() == [late, soon]
    assert rows(sort="-reply_by") == [soon, late]
    assert rows(tab="all") == [done, soon, late]
    assert rows(tab="all", sort="id") == [late, soon, done]
    assert rows(tab="closed") == [done]
    assert rows(overdue="on") == [late]
    assert rows(kind="complaint", channel="phone") == [soon]
    assert rows(q="strassenlaterne baecker") == [done]
    assert rows(q="strassenlaterne muell") == []
    assert rows(owner=done.owner.pk, tab="all") == [done, soon, late]  # no colleague: left out
    assert rows(q=late.reference) == [late]


@pytest.mark.parametrize("count", [OFTEN - 1, OFTEN, OFTEN + 1])
def test_search_finds_every_case_of_rare_and_of_frequent_words(
    centre, manager, count, django_assert_num_queries
):
    told = [make(centre, manager, subject="Zaunkönig und Laterne") for _n in range(count)]
    make(centre, manager, subject="Laterne ohne Vogel")

    with django_assert_num_queries(3):
        found = list(Case.objects.visible_to(manager).matching("laterne zaunkoenig"))

    assert sorted(case.pk for case in found) == [case.pk for case in told]


def test_a_rare_word_is_looked_up_before_its_cases_are(centre, manager):
    """Not while walking through all cases: on a large desk that takes a hundred times as long."""
    make(centre, manager, subject="Zaunkönig")

    sql = str(Case.objects.matching("zaunkoenig").query)

    assert re.search(r"IN \(SELECT .* LIKE .* LIMIT", sql)


def test_search_follows_changes_of_case_and_message(centre, manager):
    case = make(centre, manager, subject="Laterne")
    message = MessageFactory(case=case, text="flackert")
    message.text = "leuchtet"
    message.save()
    case.subject = "Lampe"
    case.save()

    def found(words):
        return Case.objects.matching(words).exists()

    assert (found("lampe leuchtet"), found("laterne"), found("flackert")) == (True, False, False)
    message.delete()
    assert (found("leuchtet"), found("lampe")) == (False, True)
    assert found("100%") is False


@pytest.mark.parametrize(
    "query",
    [
        {"page": "-1"},
        {"page": "9" * 30},
        {"page": "x"},
        {"tab": "nonsense", "sort": "password"},
        {"owner": "abc", "kind": "x", "centre": "9" * 40},
        {"q": "x" * 300},
        {"q": "🏛️ <script> %(x)s ' \\ _"},
    ],
    ids=str,
)
def test_list_survives_any_address(client, manager, query):
    assert client.get(LIST, query).status_code == 200


def test_list_pages_without_counting(client, centre, manager):
    for _ in range(PAGE_SIZE + 1):
        make(centre, manager)

    first = client.get(LIST).context["page"]
    second = client.get(LIST, {"page": 2}).context["page"]

    assert (len(first.object_list), first.has_next(), first.has_previous()) == (50, True, False)
    assert (len(second.object_list), second.has_next(), second.has_previous()) == (1, False, True)


@pytest.mark.parametrize("role", [Role.CITY, Role.BODY_MEMBER, Role.TECHNICAL])
@pytest.mark.parametrize("name", ["today", "case_list", "case_create", "submission_list"])
def test_other_roles_reach_no_page_of_the_desk(client, sign_in, centre, role, name):
    sign_in(role, centre=centre)

    assert client.get(reverse(f"contacts:{name}")).status_code == 403


def test_desk_staff_see_only_what_they_own_or_took_in(client, sign_in, centre):
    user = sign_in(Role.DESK, centre=centre)
    own = make(centre, user)
    taken = make(centre, UserFactory(), created_by=user)
    foreign = make(centre, UserFactory())

    assert [client.get(case.get_absolute_url()).status_code for case in (own, taken, foreign)] == [
        200,
        200,
        404,
    ]
    assert list(client.get(LIST).context["page"].object_list) == [own, taken]
    assert client.post(url("case_note", foreign), {"note-text": "x"}).status_code == 404
    assert client.post(url("case_hand_over", own)).status_code == 403
    assert client.post(url("case_adopt", own)).status_code == 403


def test_get_never_writes(client, centre, manager):
    case = make(centre, manager)

    client.get(case.get_absolute_url())
    assert client.get(url("case_mark_read", case)).status_code == 405

    case.refresh_from_db()
    assert case.read_at is None


def test_answer_closes_the_case(client, centre, manager):
    case = make(centre, manager, sender_email="a@example.org")
    data = {
        "reply-text": "Gern!",
        "reply-version": 0,
        "reply-then": "close",
        "reply-by_mail": "on",
        "reply-files": SimpleUploadedFile("plan.txt", b"Plan"),
    }

    response = client.post(url("case_reply", case), data)

    assert response.url == case.get_absolute_url()
    case.refresh_from_db()
    assert (case.state, case.outcome, case.version) == ("closed", "answered", 2)
    mail = Message.objects.get(kind="outgoing").mail
    assert mail.attachments.get().file.name == "plan.txt"


@pytest.mark.parametrize(("then", "state"), [("keep", "open"), ("wait", "waiting")])
def test_answer_may_keep_the_case(client, centre, manager, then, state):
    case = make(centre, manager)
    until = timezone.localdate() + 9 * DAY
    data = {"reply-text": "Gern!", "reply-version": 0, "reply-then": then, "reply-until": until}

    client.post(url("case_reply", case), data)

    case.refresh_from_db()
    assert case.state == state
    assert until in (case.reply_by, case.waiting_until)


def test_refused_step_undoes_the_answer_too(client, centre, manager):
    case = make(centre, manager, sender_email="a@example.org")
    data = {
        "reply-text": "Gern!",
        "reply-version": 0,
        "reply-then": "wait",
        "reply-until": "2020-01-01",
    }

    response = client.post(url("case_reply", case), data)

    assert "Gern!" in page_of(response)
    assert Message.objects.count() == 0


def test_overtaken_answer_keeps_the_text_and_shows_what_is_new(client, centre, manager):
    case = make(centre, manager)
    seen = MessageFactory(case=case)
    Case.objects.filter(pk=case.pk).update(version=4)
    new = MessageFactory(case=case, text="Hat sich erledigt")
    data = {
        "reply-text": "Mein langer Text",
        "reply-version": 3,
        "reply-then": "keep",
        "reply-seen": seen.pk,
    }

    response = client.post(url("case_reply", case), data)

    assert response.context["missed"] == [new]
    assert "Mein langer Text" in page_of(response)
    assert case.messages.filter(kind="outgoing").count() == 0
    again = response.context["reply_form"]["version"].value()
    assert client.post(url("case_reply", case), data | {"reply-version": again}).status_code == 302


def test_draft_belongs_to_one_person(client, sign_in, centre, manager):
    case = make(centre, manager)

    saved = client.post(url("reply_draft_save", case), {"reply-text": "Das prüfen\0 wir"})

    assert saved.json() == {"saved": True}
    assert "Das prüfen wir" in page_of(client.get(case.get_absolute_url()))
    sign_in(Role.DEPUTY, centre=centre)
    assert "Das prüfen wir" not in page_of(client.get(case.get_absolute_url()))
    client.post(url("reply_draft_discard", case))
    assert ReplyDraft.objects.get().user == manager


def test_draft_that_arrives_after_the_answer_was_sent_does_not_come_back(client, centre, manager):
    case = make(centre, manager)
    MessageFactory(case=case, kind=Message.Kind.OUTGOING, author=manager, text="Gern.\nIhr Büro")

    late = client.post(url("reply_draft_save", case), {"reply-text": "Gern.\r\nIhr Büro"})
    other = client.post(url("reply_draft_save", case), {"reply-text": "Noch etwas"})

    assert (late.json(), other.json()) == ({"saved": False}, {"saved": True})
    assert ReplyDraft.objects.get().text == "Noch etwas"


def test_steps_on_the_case_page(client, centre, manager):
    case = make(centre, manager)
    colleague = MandateFactory(role=Role.DESK, centre=centre).user
    later = timezone.localdate() + 9 * DAY
    steps = [
        (
            "case_promise",
            {"promise-reply_by": later, "promise-reason": "Amt", "promise-version": 0},
        ),
        (
            "case_wait",
            {"wait-until": later, "wait-waiting_for": "Amt", "wait-version": 1}
            | {"wait-waiting_on": "third_party"},
        ),
        ("case_resume", {"version": 2}),
        ("case_adopt", {"adopt-title": "Bänke", "adopt-version": 3}),
        ("case_close", {"close-outcome": "adopted", "close-version": 4}),
        ("case_reopen", {"version": 5}),
        ("case_hand_over", {"hand_over-to": colleague.pk, "hand_over-version": 6}),
        ("case_note", {"note-text": "Fertig"}),
        ("case_mark_read", {}),
    ]

    for name, data in steps:
        assert client.post(url(name, case), data).status_code == 302, name

    case.refresh_from_db()
    assert (case.owner, case.version, case.state) == (colleague, 7, "open")
    events = case.messages.filter(kind="event").values_list("event", flat=True)
    assert list(events) == [
        "promised",
        "waiting",
        "resumed",
        "adopted",
        "closed",
        "reopened",
        "handed_over",
    ]


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("case_reply", "reply-"),
        ("case_note", "note-"),
        ("case_hand_over", "hand_over-"),
        ("case_wait", "wait-"),
        ("case_promise", "promise-"),
        ("case_close", "close-"),
        ("case_adopt", "adopt-"),
        ("case_link_actor", "actor-"),
        ("case_resume", ""),
        ("case_reopen", ""),
    ],
)
@pytest.mark.parametrize(
    "value",
    ["", "\0", "x" * 300, "🏛️", "مقاعد \u202e", "<script>alert(1)</script>", "-1", "9" * 40],
)
def test_no_entry_breaks_a_step(client, centre, manager, name, prefix, value):
    case = make(centre, manager, state="open")
    fields = [
        "text",
        "version",
        "seen",
        "then",
        "until",
        "by_mail",
        "to",
        "note",
        "waiting_for",
        "reply_by",
        "outcome",
        "outcome_text",
        "title",
        "author_agreed",
        "actor",
        "actor_id",
        "actor_pick",
    ]

    response = client.post(url(name, case), {f"{prefix}{field}": value for field in fields})

    assert response.status_code in (200, 302)
    assert "<script>alert" not in page_of(response)


def test_ten_megabytes_are_refused_with_the_text_kept(client, centre, manager):
    case = make(centre, manager)

    response = client.post(url("case_note", case), {"note-text": "y" * 10_000_000})

    assert response.status_code == 200
    assert page_of(response).count("y" * 10_000_000) == 1
    assert Message.objects.count() == 0


def test_actor_with_the_same_address_is_suggested_never_linked(client, centre, manager):
    case = make(centre, manager, sender_email="laden@example.org")
    actor = EmailAddressFactory(actor=ActorFactory(centre=centre), email="laden@example.org").actor
    EmailAddressFactory(actor=ActorFactory(centre=CentreFactory()), email="laden@example.org")

    assert client.get(case.get_absolute_url()).context["suggested"] == [actor]
    data = {"actor-version": 0, "actor-actor": str(actor), "actor-actor_id": actor.pk}
    client.post(url("case_link_actor", case), data)

    case.refresh_from_db()
    assert case.actor == actor


def test_attachment_only_for_those_who_see_the_case(client, sign_in, centre, manager):
    stored = files.store(SimpleUploadedFile("plan.txt", b"Plan"))
    attachment = Attachment.objects.create(
        message=MessageFactory(case=make(centre, manager)), file=stored
    )
    address = reverse("contacts:case_attachment", args=[attachment.pk])

    assert b"".join(client.get(address).streaming_content) == b"Plan"
    sign_in(Role.MANAGER, centre=CentreFactory())
    assert client.get(address).status_code == 404


def test_answer_to_a_closed_case_leaves_it_closed(client, centre, manager):
    closed = {"state": "closed", "outcome": "withdrawn", "closed_at": timezone.now()}
    case = make(centre, manager, sender_email="a@example.org", **closed)

    assert "then" not in client.get(case.get_absolute_url()).context["reply_form"].fields
    data = {"reply-text": "Nachtrag", "reply-version": 0, "reply-by_mail": "on"}
    assert client.post(url("case_reply", case), data).status_code == 302

    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "withdrawn")
    assert OutgoingMail.objects.get().to == "a@example.org"


def test_form_of_a_step_is_there_when_the_step_is_opened(client, centre, manager):
    case = make(centre, manager)

    closed = client.get(case.get_absolute_url())
    opened = client.get(case.get_absolute_url(), {"step": "wait"})
    unknown = client.get(case.get_absolute_url(), {"step": "nonsense"})

    address = f'action="{reverse("contacts:case_wait", args=[case.pk])}"'
    assert [address in page.text for page in (closed, opened, unknown)] == [False, True, False]


def test_refused_step_leads_to_the_case_again_and_to_its_other_steps(client, centre, manager):
    case = make(centre, manager)

    refused = client.post(reverse("contacts:case_close", args=[case.pk]), {})

    ways = [href for href in re.findall(r'href="([^"]*)"', refused.text) if "?s" in href]
    assert len(ways) == 10
    assert {client.get(way.partition("#")[0]).status_code for way in ways} == {200}

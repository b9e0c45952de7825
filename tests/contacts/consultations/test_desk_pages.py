from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from contacts.models import Attachment, Case, Consultation
from tests.factories.actors import EmailAddressFactory
from tests.factories.contacts import CaseFactory, ConsultationFactory, MessageFactory
from tests.factories.office import CentreFactory
from zentrum.accounts.roles import Role
from zentrum.files.services import store
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
WORDS = {"version": 0, "subject": "Tische", "text": "Wie breit?", "due_on": "2099-01-05"}


@pytest.fixture
def case(sign_in):
    centre = CentreFactory()
    return CaseFactory(centre=centre, owner=sign_in(Role.MANAGER, centre=centre))


def form(prefix="ask", **changes):
    words = WORDS | {"recipient": "Bauamt", "email": "amt@example.org"} | changes
    return {f"{prefix}-{name}": value for name, value in words.items()}


def url(name, row):
    return reverse(f"contacts:{name}", args=[row.pk])


def test_desk_asks_with_a_chosen_and_a_new_file(client, case):
    said = MessageFactory(case=case)
    shown, hidden = (
        Attachment.objects.create(message=said, file=store(SimpleUploadedFile(name, name.encode())))
        for name in ("plan.txt", "ausweis.txt")
    )
    page = client.get(url("consultation_create", case))
    assert "plan.txt" in page.text
    upload = SimpleUploadedFile("skizze.txt", b"Skizze")

    answer = client.post(
        url("consultation_create", case),
        form(holds_case="on") | {"ask-attachments": shown.pk, "ask-files": upload},
    )

    assert answer.url == case.get_absolute_url()
    asked = Consultation.objects.get()
    files = [attachment.file.name for attachment in asked.message.attachments.order_by("pk")]
    assert files == ["plan.txt", "skizze.txt"]
    assert hidden.file.name not in OutgoingMail.objects.get().text
    page = client.get(case.get_absolute_url())
    assert "Bauamt" in page.text
    assert url("consultation_detail", asked) in page.text


def test_actor_of_the_directory_is_asked_at_its_main_address(client, case):
    actor = EmailAddressFactory(actor__centre=case.centre, actor__name="Bauamt Mitte").actor

    client.post(url("consultation_create", case), form(recipient="Bauamt Mitte", email=""))

    asked = Consultation.objects.get()
    assert (asked.actor, asked.name, asked.email) == (actor, str(actor), actor.emails.get().email)


def test_name_without_an_address_is_refused(client, case):
    page = client.post(url("consultation_create", case), form(email=""))

    assert page.context["form"].errors["email"]
    assert "Wie breit?" in page.text
    assert Consultation.objects.count() == 0


def test_refusal_of_a_changed_case_keeps_what_was_written_and_goes_through_next(client, case):
    page = client.post(url("referral_create", case), form("refer", version=7))
    assert "inzwischen" in page.text
    assert page.context["form"]["version"].value() == "0"

    assert client.post(url("referral_create", case), form("refer")).status_code == 302


def test_page_tells_question_answer_and_mails(client, case):
    asked = ConsultationFactory(case=case)
    assert client.post(url("consultation_remind", asked)).url == asked.get_absolute_url()
    data = {"decision": "not_responsible", "text": "Das Ordnungsamt."}

    assert client.post(url("consultation_note", asked), data).url == case.get_absolute_url()

    page = client.get(asked.get_absolute_url()).text
    for words in ("Wie breit muss", "Das Ordnungsamt.", "nicht zuständig", "Erinnerung: "):
        assert words in page
    assert "zurueckziehen" not in page
    refused = client.post(url("consultation_withdraw", asked), follow=True)
    assert "bereits erledigt" in refused.text


def test_desk_notes_by_hand_that_they_have_taken_over(client, case):
    referral = ConsultationFactory(case=case, kind="referral")

    client.post(url("consultation_note", referral), {"decision": "take_over"})

    case.refresh_from_db()
    assert (case.state, case.outcome) == (Case.State.CLOSED, Case.Outcome.REFERRED)


def test_note_without_words_is_refused(client, case):
    asked = ConsultationFactory(case=case)

    page = client.post(url("consultation_note", asked), {"decision": "answer", "text": " "})

    assert page.context["form"].errors["text"]
    assert asked.case.messages.filter(kind="advice").count() == 0


def listed(client, **query):
    page = client.get(reverse("contacts:consultation_list"), query)
    return list(page.context["page"].object_list)


def test_list_of_all_that_was_asked(client, case):
    day = timezone.localdate()
    later = ConsultationFactory(case=case, due_on=day + timedelta(days=9))
    today = ConsultationFactory(case=case, due_on=day)
    late = ConsultationFactory(case=case, due_on=day - timedelta(days=1), name="Bauhof")
    moment = {"settled_at": timezone.now()}
    answered = ConsultationFactory(case=case, state="answered", **moment)
    referral = ConsultationFactory(case=case, kind="referral", state="taken_over", **moment)
    ConsultationFactory()  # of another desk

    assert listed(client) == [late, today, later]
    assert listed(client, tab="overdue") == [late]
    assert listed(client, tab="settled") == [referral, answered]
    assert listed(client, tab="all") == [referral, answered, late, today, later]
    assert listed(client, tab="all", kind="referral") == [referral]
    assert listed(client, q="bauhof") == [late]
    assert listed(client, tab="x", kind="x", page="x") == [late, today, later]


@pytest.mark.parametrize("count", [1, 3])
def test_list_needs_the_same_queries(client, case, count, django_assert_num_queries):
    for _ in range(count):
        ConsultationFactory(case=CaseFactory(centre=case.centre, owner=case.owner))

    with django_assert_num_queries(5):
        assert len(listed(client)) == count


def test_list_leafs_on(client, case):
    asked = [ConsultationFactory(case=case) for _ in range(51)]

    assert listed(client) == asked[:50]
    assert listed(client, page=2) == asked[50:]


@pytest.mark.parametrize("count", [1, 3])
def test_late_offices_stand_on_today(client, case, count, django_assert_num_queries):
    yesterday = timezone.localdate() - timedelta(days=1)
    for _ in range(count):
        ConsultationFactory(case=case, due_on=yesterday)
    ConsultationFactory(case=case)
    ConsultationFactory(due_on=yesterday)  # of another desk

    with django_assert_num_queries(12):
        page = client.get(reverse("contacts:today"))

    late = page.context["beside"]["consultations"]
    assert [row.name for row in late] == ["Bauamt"] * count


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_the_case_needs_the_same_queries(client, case, count, django_assert_num_queries):
    for _ in range(count):
        ConsultationFactory(case=case)

    with django_assert_num_queries(9):
        client.get(case.get_absolute_url())


@pytest.mark.parametrize("count", [1, 3])
def test_page_needs_the_same_queries(client, case, count, django_assert_num_queries):
    asked = ConsultationFactory(case=case)
    for number in range(count):
        file = store(SimpleUploadedFile(f"{number}.txt", b"a"))
        Attachment.objects.create(message=asked.message, file=file)

    with django_assert_num_queries(7):
        client.get(asked.get_absolute_url())

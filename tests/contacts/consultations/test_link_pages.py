from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from contacts.consultations import services
from contacts.consultations.links import answer_path, answer_token
from contacts.consultations.models import LINK_HOLDS
from contacts.models import Attachment, Message
from tests.factories.contacts import CaseFactory, ConsultationFactory, MessageFactory
from tests.factories.office import MandateFactory
from zentrum.files.models import StoredFile
from zentrum.files.services import store

pytestmark = pytest.mark.django_db
ANSWER = {"decision": "answer", "text": "1,50 m"}
SENDER = {"sender_name": "Käthe Krause", "sender_email": "kaethe@example.org"}


@pytest.fixture
def asked():
    mandate = MandateFactory()
    case = CaseFactory(centre=mandate.centre, owner=mandate.user, subject="Käthes Tische", **SENDER)
    MessageFactory(case=case, text="Ich will Tische vor der Tür.")
    return ConsultationFactory(case=case)


def address(name, asked, *more):
    return reverse(f"contacts:{name}", args=[answer_token(asked), *more])


def attach(message, name="plan.txt"):
    file = store(SimpleUploadedFile(name, b"Plan"))
    return Attachment.objects.create(message=message, file=file)


def test_they_read_what_was_chosen_and_nothing_else_of_the_case(client, asked):
    plan = attach(asked.message)
    hidden = attach(asked.case.messages.first(), "ausweis.txt")

    page = client.get(answer_path(asked))

    assert "Wie breit muss der Gehweg bleiben?" in page.text
    assert "plan.txt" in page.text
    for other in ("Käthe", "kaethe", "vor der Tür", "ausweis.txt"):
        assert other not in page.text
    assert client.get(address("consultation_file", asked, plan.pk)).getvalue() == b"Plan"
    assert client.get(address("consultation_file", asked, hidden.pk)).status_code == 404
    assert page["Cache-Control"] == "private, no-store"
    assert page["X-Robots-Tag"] == "noindex, nofollow"


def test_sender_is_shown_where_the_desk_ticked_it(client, asked):
    asked.shares_sender = True
    asked.save()

    assert "Käthe Krause" in client.get(answer_path(asked)).text


def test_answer_with_a_file_arrives_once(client, asked):
    for _ in range(2):
        upload = SimpleUploadedFile("skizze.txt", b"Skizze")
        page = client.post(answer_path(asked), ANSWER | {"files": upload}, follow=True)

    assert "1,50 m" in page.text
    message = asked.case.messages.get(kind=Message.Kind.ADVICE)
    assert [attachment.file.name for attachment in message.attachments.all()] == ["skizze.txt"]
    assert StoredFile.objects.count() == 1


def test_they_name_who_is_responsible(client, asked):
    client.post(answer_path(asked), {"decision": "not_responsible", "text": "Das Ordnungsamt"})

    asked.refresh_from_db()
    assert (asked.state, asked.is_responsible) == ("answered", False)


@pytest.mark.parametrize(
    "data",
    [
        {"decision": "answer", "text": "  "},
        {"text": "Ja"},
        {"decision": "take_over", "text": "Ja"},
        {"decision": "answer", "text": "x" * 20_001},
    ],
)
def test_answer_that_makes_no_sense_is_refused(client, asked, data):
    page = client.post(answer_path(asked), data)

    assert (page.status_code, "kern-error" in page.text) == (200, True)
    asked.refresh_from_db()
    assert asked.state == "asked"


def test_file_of_a_forbidden_kind_is_refused_with_the_text_kept(client, asked):
    upload = SimpleUploadedFile("virus.exe", b"MZ")

    page = client.post(answer_path(asked), ANSWER | {"files": upload})

    assert "kern-error" in page.text
    assert "1,50 m" in page.text
    assert StoredFile.objects.count() == 0


def test_draft_is_kept_until_they_answer(client, asked):
    saved = client.post(address("consultation_draft", asked), {"text": "Ich glaube \0 1,50"})
    assert saved.json() == {"saved": True}
    assert "Ich glaube  1,50" in client.get(answer_path(asked)).text
    kept = client.post(answer_path(asked), {"keep": "1", "text": "Ohne Skript"}, follow=True)
    assert "Ohne Skript" in kept.text

    client.post(answer_path(asked), ANSWER)

    asked.refresh_from_db()
    assert asked.draft == ""
    late = client.post(address("consultation_draft", asked), {"text": "Zu spät"})
    assert late.json() == {"saved": False}


def test_referral_is_taken_over_or_refused(client, asked):
    referral = ConsultationFactory(case=asked.case, kind="referral")
    page = client.post(answer_path(referral), {"decision": "refuse", "text": ""})
    assert "kern-error" in page.text

    client.post(answer_path(referral), {"decision": "take_over", "text": ""})

    referral.refresh_from_db()
    asked.case.refresh_from_db()
    assert (referral.state, asked.case.outcome) == ("taken_over", "referred")


@pytest.mark.parametrize("signed", ["x", "0" * 32, "0" * 32 + ".abc", "ä" * 500, "..", "%00"])
def test_forged_link_opens_nothing(client, asked, signed):
    other = ConsultationFactory(case=asked.case)
    stolen = answer_token(asked).replace(asked.public_id.hex, other.public_id.hex)

    for token in (signed, stolen):
        page = client.post(reverse("contacts:consultation_answer", args=[token]), ANSWER)
        assert (page.status_code, "passt nicht" in page.text) == (404, True)
        draft = reverse("contacts:consultation_draft", args=[token])
        assert client.post(draft, {"text": "x"}).status_code == 404
        file = reverse("contacts:consultation_file", args=[token, 1])
        assert client.get(file).status_code == 404
    assert Message.objects.filter(kind=Message.Kind.ADVICE).count() == 0


def test_withdrawn_link_says_so_and_shows_no_file(client, asked):
    plan = attach(asked.message)
    services.withdraw(asked, by=asked.asked_by)

    page = client.get(answer_path(asked))

    assert "nicht mehr nötig" in page.text
    assert "Gehweg bleiben" not in page.text
    assert client.get(address("consultation_file", asked, plan.pk)).status_code == 404
    client.post(answer_path(asked), ANSWER)
    assert asked.case.messages.filter(kind=Message.Kind.ADVICE).count() == 0


@pytest.mark.parametrize(("days", "words"), [(0, "Ihre Antwort"), (1, "abgelaufen")])
def test_link_ends_long_after_the_day(client, asked, days, words):
    asked.due_on = timezone.localdate() - LINK_HOLDS - timedelta(days=days)
    asked.save()

    page = client.post(answer_path(asked), {"text": "x"})

    assert words in page.text


def test_too_many_answers_from_one_place_wait(client, asked):
    pages = [client.post(answer_path(asked), {"decision": "answer"}) for _ in range(31)]

    assert ["Zu viele" in page.text for page in pages] == [False] * 30 + [True]
    assert client.post(answer_path(asked), ANSWER).status_code == 200
    asked.refresh_from_db()
    assert asked.state == "asked"

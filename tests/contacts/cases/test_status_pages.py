import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from contacts.cases import services
from contacts.cases.links import confirm_token, status_path, status_token
from contacts.models import Attachment, Message
from tests.factories.contacts import CaseFactory, MessageFactory
from tests.factories.office import CentreFactory, MandateFactory
from tests.factories.projects import IdeaFactory, ProjectFactory
from zentrum.files import services as files

pytestmark = pytest.mark.django_db
LOOKUP = reverse("contacts:status_lookup")


@pytest.fixture
def case():
    mandate = MandateFactory(user__name="Petra Berg", user__phone="030 1234")
    return CaseFactory(centre=mandate.centre, owner=mandate.user, sender_email="a@example.org")


def text(response):
    return response.content.decode()


def test_sender_reads_answers_and_never_notes_or_events(client, case):
    MessageFactory(case=case, text="Meine Frage")
    services.reply(case, author=case.owner, text="Unsere Antwort", version=0)
    note = services.add_note(case, author=case.owner, text="Nur intern: schwierig")
    secret = files.store(SimpleUploadedFile("intern.txt", b"geheim"))
    hidden = Attachment.objects.create(message=note, file=secret)
    colleague = MandateFactory(centre=case.centre, carrier=case.carrier, user__name="Kim Roth").user
    services.hand_over(case, to=colleague, by=case.owner, version=1, note="Bitte vorsichtig")

    page = client.get(status_path(case))

    assert "Meine Frage" in text(page)
    assert "Unsere Antwort" in text(page)
    assert "Kim Roth" in text(page)
    for internal in ("Nur intern", "intern.txt", "vorsichtig", "→"):
        assert internal not in text(page)
    address = reverse("contacts:status_attachment", args=[status_token(case), hidden.pk])
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(("days", "sentence"), [(-1, "steht noch aus"), (0, "antwortet Ihnen bis")])
def test_late_answer_is_not_promised_for_a_day_that_is_gone(client, case, days, sentence):
    case.reply_by = timezone.localdate() + timedelta(days=days)
    case.save()

    assert sentence in text(client.get(status_path(case)))


def test_status_page_is_neither_kept_nor_found(client, case):
    page = client.get(status_path(case))

    assert page["Cache-Control"] == "private, no-store"
    assert page["X-Robots-Tag"] == "noindex, nofollow"
    assert page["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("count", [1, 3])
def test_status_page_needs_the_same_queries(client, case, django_assert_num_queries, count):
    for _ in range(count):
        stored = files.store(SimpleUploadedFile("a.txt", b"a"))
        Attachment.objects.create(message=MessageFactory(case=case), file=stored)

    with django_assert_num_queries(4):
        client.get(status_path(case))


@pytest.mark.parametrize("signed", ["x", "0" * 32, "0" * 32 + ".abc", "ä" * 500, "..", "%00"])
def test_forged_link_explains_how_to_get_in(client, case, signed):
    forged = reverse("contacts:case_status", args=[signed])
    other = status_token(case).replace(case.public_id.hex, CaseFactory().public_id.hex)

    for address in (forged, reverse("contacts:case_status", args=[other])):
        page = client.get(address)
        assert page.status_code == 404
        assert 'name="reference"' in text(page)
    assert client.post(forged, {"text": "x"}).status_code == 404
    assert Message.objects.count() == 0


def test_confirmation_link_does_not_open_the_status_page_nor_the_other_way_round(client, case):
    confirm = reverse("contacts:case_status", args=[confirm_token(case)])
    status = reverse("contacts:email_confirm", args=[status_token(case)])

    assert client.get(confirm).status_code == 404
    assert client.post(status).status_code == 404
    case.refresh_from_db()
    assert case.email_confirmed_at is None


def test_address_is_confirmed_by_a_press_not_by_opening(client, case):
    address = reverse("contacts:email_confirm", args=[confirm_token(case)])

    client.get(address)
    case.refresh_from_db()
    assert case.email_confirmed_at is None
    assert client.post(address).url == status_path(case)
    case.refresh_from_db()
    assert case.email_confirmed_at is not None
    assert client.post(address).status_code == 302


def test_link_for_an_old_address_confirms_nothing(client, case):
    address = reverse("contacts:email_confirm", args=[confirm_token(case)])
    case.sender_email = "other@example.org"
    case.save()

    assert client.post(address).status_code == 404


def test_sender_writes_again_with_a_file(client, case):
    services.close(case, outcome="withdrawn", outcome_text="", by=case.owner, version=0)
    data = {"text": "Doch noch etwas", "files": SimpleUploadedFile("foto ü.txt", b"Foto")}

    assert client.post(status_path(case), data).status_code == 302

    case.refresh_from_db()
    message = case.messages.get(kind="incoming")
    assert (case.state, message.attachments.get().file.name) == ("open", "foto ü.txt")
    attachment = message.attachments.get()
    own = reverse("contacts:status_attachment", args=[status_token(case), attachment.pk])
    other = reverse("contacts:status_attachment", args=[status_token(CaseFactory()), attachment.pk])
    assert b"".join(client.get(own).streaming_content) == b"Foto"
    assert client.get(other).status_code == 404


@pytest.mark.parametrize("words", ["", " ", "\0", "y" * 10_000_000])
def test_empty_and_endless_messages_are_refused_and_kept(client, case, words):
    page = client.post(status_path(case), {"text": words})

    assert page.status_code == 200
    assert words.strip("\0") in text(page)
    assert Message.objects.count() == 0


def test_script_is_shown_as_text(client, case):
    client.post(status_path(case), {"text": "<script>alert(1)</script> مقاعد 🏛️"})

    page = text(client.get(status_path(case)))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; مقاعد 🏛️" in page
    assert "<script>alert" not in page


def test_what_has_grown_is_shown_once_it_is_public(client, case):
    idea = IdeaFactory(centre=case.centre, title="Bänke am Markt")
    project = ProjectFactory(centre=case.centre, title="Platz zum Sitzen")
    project.origins.add(idea)
    case.idea = idea
    case.save()
    assert "Bänke am Markt" not in text(client.get(status_path(case)))
    assert "Platz zum Sitzen" not in text(client.get(status_path(case)))

    idea.public_text, idea.author_confirmed_at = "Bänke", timezone.now()
    idea.released_at = timezone.now()
    idea.save()
    project.is_public = True
    project.save()

    page = text(client.get(status_path(case)))
    assert re.search(rf'href="[^"]*{idea.reference}[^"]*">Bänke am Markt', page)
    assert re.search(rf'href="[^"]*{project.reference}[^"]*">Platz zum Sitzen', page)


def test_reference_and_code_open_the_page_as_people_type_them(client, case):
    spoken = f" {case.code[:4].lower()}-{case.code[4:]} "

    answer = client.post(LOOKUP, {"reference": case.reference.lower(), "code": spoken})

    assert answer.url == status_path(case)


def test_unknown_reference_and_wrong_code_get_the_same_answer(client, case):
    wrong_code = client.post(LOOKUP, {"reference": case.reference, "code": "AAAAAAAA"})
    unknown = client.post(LOOKUP, {"reference": "V-1999-0001", "code": case.code})

    def neutral(page):
        return re.sub(r'value="[^"]*"', "", text(page))

    assert (wrong_code.status_code, unknown.status_code) == (200, 200)
    assert neutral(wrong_code) == neutral(unknown)


def test_guessing_codes_ends_after_ten_attempts(client, case):
    for _ in range(10):
        client.post(LOOKUP, {"reference": case.reference, "code": "AAAAAAAA"})

    answer = client.post(LOOKUP, {"reference": case.reference, "code": case.code})

    assert answer.status_code == 429


@pytest.mark.parametrize("value", ["\0", "x" * 300, "مقاعد", "🏛️", "", "' OR 1=1 --"])
def test_lookup_survives_anything(client, case, value):
    assert client.post(LOOKUP, {"reference": value, "code": value}).status_code == 200


def test_slip_and_qr_code(client, case):
    signed = status_token(case)

    slip = client.get(reverse("contacts:slip", args=[signed]))
    code = client.get(reverse("contacts:slip_qr", args=[signed]))

    assert case.reference in text(slip)
    assert case.code in text(slip)
    assert (code["Content-Type"], b"<svg" in code.content) == ("image/svg+xml", True)
    assert client.get(reverse("contacts:slip", args=["x"])).status_code == 404
    assert client.get(reverse("contacts:slip_qr", args=["x"])).status_code == 404


def test_contact_page_says_when_the_office_opens_next(client):
    centre = CentreFactory(address="Markt 5")

    page = client.get(reverse("contacts:contact"))

    assert "Markt 5" in text(page)
    assert [office.centre for office in page.context["offices"]] == [centre]

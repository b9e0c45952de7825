import re
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contacts.intake import keys
from contacts.intake.models import Reason, Submission
from contacts.models import Case
from tests.factories.office import CentreFactory, MandateFactory
from zentrum.files.models import StoredFile
from zentrum.mail.models import OutgoingMail

URL = reverse("contacts:idea_submit")
BARRIER = reverse("contacts:barrier_report")
DRAFT = reverse("contacts:draft_save")
ENTRIES = {
    "title": "Bänke am Marktplatz",
    "text": "Ältere Leute können sich nirgends ausruhen.",
    "place": "Markt 1",
    "position_0": "52.5",
    "position_1": "13.3",
    "name": "Ayşe Öztürk",
    "email": "ayse@example.org",
    "phone": "",
    "extra_subject": "",
}
FIELDS = [name for name in ENTRIES if name != "extra_subject"]


@pytest.fixture
def desk(db):
    return MandateFactory(user__name="Petra Berg", centre=CentreFactory())


@pytest.fixture
def patient(monkeypatch):
    """The visitor takes their time."""
    monkeypatch.setattr("contacts.intake.suspicion.FASTEST_SECONDS", -1)


def entries(token=None, **changes):
    return ENTRIES | {"form_key": keys.sign(token or uuid4())} | changes


def page_of(response):
    return response.content.decode()


def key_in(response):
    field = re.search(r'<input[^>]*\bname="form_key"[^>]*>', page_of(response))[0]
    return re.search(r'\bvalue="([^"]+)"', field)[1]


def picture(name="bank.txt", content=b"Foto"):
    return SimpleUploadedFile(name, content, content_type="text/plain")


def test_form_asks_four_questions_without_a_single_write(client, desk, django_assert_num_queries):
    with django_assert_num_queries(3):
        page = client.get(URL)

    legends = re.findall(r'<legend class="kern-heading-medium">([^<]+)<', page_of(page))
    assert len(legends) == 4
    assert (Submission.objects.count(), "entwurf" in page.cookies) == (0, False)


def test_idea_becomes_a_case_with_owner_and_promised_date(client, desk, patient):
    done = client.post(URL, entries(), follow=True)

    case = Case.objects.get()
    assert (case.subject, case.owner, case.sender_email, case.latitude) == (
        "Bänke am Marktplatz",
        desk.user,
        "ayse@example.org",
        52.5,
    )
    for shown in (
        case.reference,
        case.code,
        "Petra Berg",
        reverse("contacts:case_status", args=["x"])[:8],
    ):
        assert shown in page_of(done)


def test_place_and_mail_may_be_left_out_when_a_phone_number_is_there(client, desk, patient):
    client.post(URL, entries(place="", position_0="", position_1="", email="", phone="030 1"))

    case = Case.objects.get()
    assert (case.place, case.latitude, case.sender_phone) == ("", None, "030 1")
    assert OutgoingMail.objects.count() == 0


def test_somebody_who_cannot_be_reached_is_asked_for_it(client, desk, patient):
    page = client.post(URL, entries(email=""))

    assert list(page.context["form"].errors) == ["email"]
    assert Case.objects.count() == 0


def test_centre_is_asked_only_when_there_are_several(client, desk, patient):
    assert "centre" not in client.get(URL).context["form"].fields
    other = MandateFactory(centre=CentreFactory(town=desk.centre.town)).centre

    assert list(client.post(URL, entries()).context["form"].errors) == ["centre"]
    client.post(URL, entries(centre=other.pk))
    assert Case.objects.get().centre == other


def test_pressing_twice_makes_one_case_and_leads_to_the_same_page(client, desk, patient):
    data = entries()

    first, second = client.post(URL, data), client.post(URL, data)

    assert client.get(first.url).context["case"] == client.get(second.url).context["case"]
    assert (Case.objects.count(), OutgoingMail.objects.count()) == (1, 1)


def test_another_text_under_a_used_key_is_kept_and_may_be_sent_as_a_second_one(
    client, desk, patient
):
    token = uuid4()
    client.post(URL, entries(token))

    page = client.post(URL, entries(token, title="Bäume"))

    assert 'value="Bäume"' in page_of(page)
    assert Case.objects.count() == 1
    client.post(URL, entries(title="Bäume") | {"form_key": key_in(page)})
    assert [case.subject for case in Case.objects.order_by("pk")] == [
        "Bänke am Marktplatz",
        "Bäume",
    ]


@pytest.mark.parametrize("key", ["", "forged", "a:b:c", "\0", "x" * 5000])
def test_forged_key_loses_nothing(client, desk, patient, key):
    page = client.post(URL, entries(form_key=key))

    assert page.status_code == 200
    assert "Bänke am Marktplatz" in page_of(page)
    assert Case.objects.count() == 0
    client.post(URL, entries(form_key=key_in(page)))
    assert Case.objects.count() == 1


def test_form_opened_long_ago_is_fine(client, desk, time_machine_clock):
    data = entries()
    time_machine_clock.shift(60 * 60 * 24 * 40)

    client.post(URL, data)

    assert Case.objects.count() == 1


@pytest.fixture
def time_machine_clock():
    with time_machine.travel("2026-11-23 10:00+01:00", tick=False) as clock:
        yield clock


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"extra_subject": "buy"}, Reason.TRAP),
        ({"text": "http://a http://b www.c"}, Reason.LINKS),
        ({"title": "<a href=x>Bänke</a>"}, Reason.MARKUP),
        ({"name": "[url=x]y[/url]"}, Reason.MARKUP),
    ],
    ids=str,
)
def test_machines_see_thanks_and_land_in_quarantine(client, desk, patient, changes, reason):
    done = client.post(URL, entries(**changes), follow=True)

    assert done.status_code == 200
    assert (Case.objects.count(), OutgoingMail.objects.count()) == (0, 0)
    assert Submission.objects.get().quarantine_reason == reason


def test_form_filled_in_at_once_lands_in_quarantine(client, desk):
    client.post(URL, entries())

    assert Submission.objects.get().quarantine_reason == Reason.FAST


def test_nobody_floods_a_strangers_mailbox(client, desk, patient):
    for number in range(6):
        client.post(URL, entries(title=f"Idee {number}"))

    assert (Case.objects.count(), OutgoingMail.objects.count()) == (5, 5)
    assert Submission.objects.order_by("pk").last().quarantine_reason == Reason.FLOOD


def test_too_many_from_one_connection_are_asked_to_wait_and_keep_their_text(
    client, desk, patient, monkeypatch
):
    monkeypatch.setattr("contacts.intake.views.MOST_AN_HOUR", 1)
    client.post(URL, entries())

    page = client.post(URL, entries(title="Zweite Idee"))

    assert page.status_code == 429
    assert "Zweite Idee" in page_of(page)
    assert Case.objects.count() == 1
    assert 'value="Zweite Idee"' in page_of(client.get(URL))


def test_draft_comes_back_and_can_be_discarded(client, desk, patient):
    saved = client.post(DRAFT, {"form_key": keys.sign(uuid4()), "title": "Halb f"})
    assert saved.json() == {"saved": True}
    assert saved.cookies["entwurf"]["httponly"] is True

    page = client.get(URL)
    assert 'value="Halb f"' in page_of(page)
    client.post(reverse("contacts:draft_discard"))

    assert 'value="Halb f"' not in page_of(client.get(URL))
    assert Submission.objects.get().data == {}


def test_draft_is_gone_once_handed_in(client, desk, patient):
    token = uuid4()
    client.post(DRAFT, {"form_key": keys.sign(token), "title": "Halb f"})

    client.post(URL, entries(token))

    assert (Submission.objects.count(), Case.objects.count()) == (1, 1)
    assert 'value="Halb f"' not in page_of(client.get(URL))
    assert client.post(DRAFT, entries(token)).json() == {"saved": False}


def test_foreign_draft_stays_foreign(client, desk):
    draft = Submission.objects.create(data={"title": "Geheim"})
    client.cookies["entwurf"] = draft.token.hex

    assert "Geheim" not in page_of(client.get(URL))
    assert client.post(DRAFT, {"form_key": draft.token.hex, "title": "x"}).status_code == 400


def test_draft_is_written_by_post_only(client, desk):
    assert client.get(DRAFT).status_code == 405
    assert client.get(reverse("contacts:draft_discard")).status_code == 405


def test_files_survive_an_error_and_can_be_taken_back(client, desk, patient):
    page = client.post(URL, entries(email="", files=[picture(), picture("plan.txt")]))
    kept = [file.name for file in page.context["kept_files"]]
    assert kept == ["bank.txt", "plan.txt"]

    number = page.context["kept_files"][0].pk
    client.post(URL, entries(form_key=key_in(page), remove_file=number))
    page = client.get(URL)
    assert [file.name for file in page.context["kept_files"]] == ["plan.txt"]

    client.post(URL, entries(form_key=key_in(page), files=[picture("neu.txt")]))
    attachments = Case.objects.get().messages.first().attachments.order_by("pk")
    assert [attachment.file.name for attachment in attachments] == ["plan.txt", "neu.txt"]
    assert StoredFile.objects.count() == 2


@pytest.mark.parametrize("number", ["0", "-1", "x", "\0", "9" * 40, "²"])
def test_taking_back_a_foreign_file_does_nothing(client, desk, number):
    assert client.post(URL, entries(remove_file=number)).status_code == 302


def test_wrong_file_is_refused_and_the_text_kept(client, desk, patient):
    page = client.post(URL, entries(files=picture("virus.exe")))

    assert list(page.context["form"].errors) == ["files"]
    assert "Bänke am Marktplatz" in page_of(page)
    assert (Case.objects.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    "value",
    [
        "\0",
        "x" * 300,
        "🏛️ 👩‍👩‍👧",
        "مقاعد للجميع \u202e",
        "<script>alert(1)</script>",
        "{{ x }} %(x)s",
        "9" * 400,
        "NaN",
        "   ",
    ],
    ids=["null", "long", "emoji", "rtl", "script", "braces", "digits", "nan", "blank"],
)
def test_no_entry_breaks_the_form(client, desk, patient, field, value):
    for target in (URL, DRAFT):
        answer = client.post(target, entries(**{field: value}))
        assert answer.status_code in (200, 302)
        assert "<script>alert" not in page_of(answer)
    assert client.get(URL).status_code == 200


def test_ten_megabytes_are_refused_with_the_text_kept(client, desk, patient):
    page = client.post(URL, entries(text="y" * 10_000_000))

    assert list(page.context["form"].errors) == ["text"]
    assert "y" * 10_000_000 in page_of(page)
    assert Case.objects.count() == 0


def test_barrier_report_needs_no_name(client, desk, patient):
    data = {"text": "Kein Alternativtext", "page": "/ideen/", "form_key": keys.sign(uuid4())}

    done = client.post(BARRIER, data, follow=True)

    case = Case.objects.get()
    assert (case.kind, case.subject.endswith(": /ideen/")) == ("barrier", True)
    assert case.reference in page_of(done)
    assert case.messages.first().text == "Kein Alternativtext\n\n/ideen/"


def test_barrier_form_names_the_page_the_visitor_came_from_but_no_secret_link(client, desk):
    def page(before):
        return client.get(BARRIER, headers={"referer": f"http://testserver{before}"})

    assert page("/ideen/I-1/").context["form"].initial["page"] == "/ideen/I-1/"
    assert page("/status/geheim/").context["form"].initial["page"] == ""


@pytest.mark.parametrize("value", ["\0", "x" * 600, "<b>x</b>", "مقاعد", ""])
def test_no_entry_breaks_the_barrier_form(client, desk, patient, value):
    data = dict.fromkeys(("text", "page", "name", "email"), value)

    assert client.post(BARRIER, data | {"form_key": keys.sign(uuid4())}).status_code in (200, 302)


@pytest.mark.parametrize("signed", ["x", "a:b", "0" * 500])
def test_forged_thanks_are_not_found(client, db, signed):
    assert client.get(reverse("contacts:submission_done", args=[signed])).status_code == 404


def test_portal_without_a_centre_says_so(client, db):
    assert client.get(URL).status_code == 404

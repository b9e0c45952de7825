"""An answer to several people: who gets it, what its files may weigh, nothing lost on a refusal."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from contacts.cases import services
from contacts.models import Attachment, Case, Message, ReplyDraft
from tests.factories.contacts import CaseFactory, MessageFactory
from tests.factories.mail import OutgoingMailFactory
from tests.factories.office import CentreFactory, UserFactory
from zentrum.accounts.roles import Role
from zentrum.files import services as files
from zentrum.files.models import StoredFile
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(sign_in):
    return sign_in(Role.MANAGER, centre=CentreFactory())


@pytest.fixture
def case(manager):
    centre = manager.mandates.get().centre
    return CaseFactory(centre=centre, owner=manager, sender_email="laden@example.org")


def url(name, case, *more):
    return reverse(f"contacts:{name}", args=[case.pk, *more])


def sent(case, **changes):
    data = {
        "to": "laden@example.org",
        "cc": "",
        "text": "Guten Tag, gern.",
        "by_mail": "on",
        "then": "keep",
        "version": case.version,
    } | changes
    return {f"reply-{name}": value for name, value in data.items()}


def text_file(name="plan.txt", content=b"Plan"):
    return SimpleUploadedFile(name, content)


def receivers():
    return list(OutgoingMail.objects.order_by("pk").values_list("to", flat=True))


def test_the_recipient_is_the_sender_unless_somebody_changes_it(client, case):
    page = client.get(case.get_absolute_url())

    assert page.context["reply_form"]["to"].value() == "laden@example.org"
    assert page.context["reply_form"]["cc"].value() in (None, "")


def test_an_answer_goes_to_exactly_those_who_are_named(client, case):
    to = "Amt Mitte <amt@example.org>; laden@example.org,\r\nAMT@example.org"

    response = client.post(url("case_reply", case), sent(case, to=to, cc="verein@example.org"))

    assert response.url == case.get_absolute_url()
    assert receivers() == ["amt@example.org", "laden@example.org", "verein@example.org"]
    case.refresh_from_db()
    assert case.sender_email == "laden@example.org"
    [delivery, *_others] = OutgoingMail.objects.order_by("pk")
    assert delivery.visible_recipients == (
        ["amt@example.org", "laden@example.org"],
        ["verein@example.org"],
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"to": "laden@example.org niemand"}, "to"),
        ({"to": ""}, "to"),
        ({"cc": "a@b.de\nBcc: c@d.de"}, "cc"),
        ({"to": ",".join(f"a{n}@example.org" for n in range(21))}, "to"),
        ({"to": "x" * 6000}, "to"),
    ],
)
def test_recipients_that_make_no_sense_are_refused_and_nothing_is_lost(
    client, case, changes, field
):
    response = client.post(
        url("case_reply", case), sent(case, **changes) | {"reply-files": text_file()}
    )

    form = response.context["reply_form"]
    assert list(form.errors) == [field]
    assert form["text"].value() == "Guten Tag, gern."
    assert [str(file) for file in form.fields["kept"].queryset] == ["plan.txt"]
    assert OutgoingMail.objects.count() == 0
    again = client.post(
        url("case_reply", case),
        sent(case) | {"reply-kept": [file.pk for file in StoredFile.objects.all()]},
    )
    assert again.status_code == 302
    assert Attachment.objects.get().file.name == "plan.txt"
    assert not ReplyDraft.objects.exists()


def test_files_that_are_too_large_together_are_refused_before_sending(client, case, settings):
    settings.MAIL_MAX_MEGABYTES = 1
    half = b"x" * (600 * 1024)
    uploads = [text_file("eins.txt", half), text_file("zwei.txt", half)]

    response = client.post(url("case_reply", case), sent(case) | {"reply-files": uploads})

    form = response.context["reply_form"]
    assert list(form.errors) == ["files"]
    assert "1,0" in str(form.errors["files"])
    assert Message.objects.filter(kind="outgoing").count() == 0
    assert 'data-most-bytes="1048576"' in response.content.decode()


def test_everybody_who_took_part_is_named_and_can_be_changed(client, case, manager):
    named = {"to_header": "laden@example.org, amt@example.org", "cc_header": "verein@example.org"}
    MessageFactory(
        case=case, kind="outgoing", author=manager, mail=OutgoingMailFactory(to="x@y.de", **named)
    )

    response = client.post(
        url("reply_to_all", case), sent(case, text="Angefangen", to="nur@ich.example")
    )

    assert response.url == case.get_absolute_url() + "#answer"
    form = client.get(case.get_absolute_url()).context["reply_form"]
    assert form["to"].value() == "laden@example.org, amt@example.org"
    assert form["cc"].value() == "verein@example.org"
    assert form["text"].value() == "Angefangen"


def test_who_wrote_without_being_known_is_offered_and_pointed_out(client, case, manager):
    for stranger, of in (("neffe@example.org", case), ("fremd@example.org", CaseFactory())):
        MessageFactory(case=of, by_mail=True, stranger=stranger)
    assert client.get(case.get_absolute_url()).context["others"]

    page = client.post(url("reply_to_all", case), sent(case), follow=True)

    assert page.context["reply_form"]["cc"].value() == "neffe@example.org"
    (warning,) = map(str, page.context["messages"])
    assert "neffe@example.org" in warning
    assert "laden@example.org" not in warning


def test_answer_without_a_word_leaves_no_draft(client, case, manager):
    page = client.post(url("case_reply", case), sent(case, text=" "))

    assert list(page.context["reply_form"].errors) == ["text"]
    assert not ReplyDraft.objects.exists()


@pytest.mark.parametrize(
    "begun", [{"to": "amt@example.org"}, {"cc": "amt@example.org"}, {"files": "plan.txt"}]
)
def test_refused_answer_keeps_what_was_chosen_without_words(client, case, manager, begun):
    data = {name: text_file() if name == "files" else value for name, value in begun.items()}

    client.post(url("case_reply", case), sent(case, text="", **data))

    assert ReplyDraft.objects.count() == 1


def test_emptied_draft_stays_empty_after_a_refusal(client, case, manager):
    ReplyDraft.objects.create(user=manager, case=case, text="Alt")

    client.post(url("case_reply", case), sent(case, text=""))

    assert ReplyDraft.objects.get().text == ""


def test_who_is_named_in_another_case_is_nobody_here(client, case, manager):
    mail = OutgoingMailFactory(to_header="fremd@example.org, a@b.de")
    other = MessageFactory(kind="outgoing", author=manager, mail=mail)

    client.post(url("reply_to_all", case), sent(case))

    assert other.case != case
    assert ReplyDraft.objects.get().to == "laden@example.org"


def test_a_draft_keeps_recipients_and_belongs_to_one_person(client, case, manager):
    saved = client.post(url("reply_draft_save", case), sent(case, cc="amt@example.org"))
    other = UserFactory()
    ReplyDraft.objects.create(user=other, case=case, text="fremd", to="fremd@example.org")

    form = client.get(case.get_absolute_url()).context["reply_form"]

    assert saved.json() == {"saved": True}
    values = [form[name].value() for name in ("text", "to", "cc")]
    assert values == ["Guten Tag, gern.", "laden@example.org", "amt@example.org"]


def test_a_discarded_draft_takes_its_unsent_files_along(client, case, manager):
    client.post(url("reply_to_all", case), sent(case) | {"reply-files": text_file()})
    draft = ReplyDraft.objects.get()
    used = files.store(text_file("alt.txt"))
    Attachment.objects.create(message=MessageFactory(case=case), file=used)
    draft.files.add(used)

    client.post(url("reply_draft_discard", case))

    assert not ReplyDraft.objects.exists()
    assert [file.name for file in StoredFile.objects.all()] == ["alt.txt"]


def test_the_case_page_shows_the_state_of_each_recipient(client, case, manager):
    client.post(url("case_reply", case), sent(case, cc="amt@example.org"))
    OutgoingMail.objects.filter(to="amt@example.org").update(
        given_up_at=timezone.now(), last_error="550 no such user"
    )

    page = client.get(case.get_absolute_url()).content.decode()

    assert "550 no such user" in page
    assert page.count("laden@example.org</") + page.count("amt@example.org ") >= 2


def test_a_version_conflict_keeps_text_recipients_and_files(client, case, manager):
    seen = case.version
    services.promise(
        Case.objects.get(pk=case.pk),
        reply_by=timezone.localdate() + timezone.timedelta(days=30),
        reason="Der Bauhof antwortet später.",
        by=manager,
        version=seen,
    )

    response = client.post(
        url("case_reply", case),
        sent(case, version=seen, cc="amt@example.org") | {"reply-files": text_file()},
    )

    form = response.context["reply_form"]
    assert form["cc"].value() == "amt@example.org"
    assert form["kept"].value() == [str(StoredFile.objects.get().pk)]
    assert not Message.objects.filter(kind="outgoing").exists()

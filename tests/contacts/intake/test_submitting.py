from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from contacts.intake import drafts, services
from contacts.intake.models import Reason, Submission
from contacts.models import Attachment, Case
from tests.concurrency import run_at_once
from tests.factories.office import CentreFactory, MandateFactory
from zentrum.files.models import StoredFile
from zentrum.mail.models import OutgoingMail


def data(centre, **changes):
    return {
        "kind": "idea",
        "title": "Bänke",
        "text": "Mehr Bänke.",
        "name": "Ayşe",
        "email": "ayse@example.org",
        "centre": centre.pk,
    } | changes


def picture(name="bank.txt"):
    return SimpleUploadedFile(name, "Foto der Bänke".encode(), content_type="text/plain")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("drafted", [False, True])
def test_same_form_sent_at_once_becomes_one_case(drafted):
    centre = MandateFactory().centre
    token = uuid4()
    if drafted:
        drafts.save(token, data={"title": "Bän"}, language="de")

    def submit():
        return services.submit(token, data=data(centre), uploads=[picture()], language="de").case

    cases = run_at_once(submit)

    assert len({case.pk for case in cases}) == 1
    assert (Case.objects.count(), OutgoingMail.objects.count()) == (1, 1)
    assert Attachment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_quarantined_submission_is_released_or_discarded_never_both():
    centre = MandateFactory().centre
    submission = services.submit(uuid4(), data=data(centre), language="de", suspicion=Reason.LINKS)
    steps = [services.release, services.discard, services.release, services.discard]

    run_at_once(lambda: steps.pop()(Submission.objects.get(pk=submission.pk)))

    submission.refresh_from_db()
    assert bool(submission.case) != bool(submission.discarded_at)
    assert Case.objects.count() == bool(submission.case)


@pytest.mark.django_db
def test_suspicious_submission_makes_no_case_and_no_mail_until_released():
    centre = MandateFactory().centre
    submission = services.submit(
        uuid4(), data=data(centre), uploads=[picture()], language="en", suspicion=Reason.TRAP
    )
    assert (Case.objects.count(), OutgoingMail.objects.count()) == (0, 0)
    assert list(Submission.objects.quarantined()) == [submission]

    case = services.release(submission)

    assert (case.subject, case.sender_language) == ("Bänke", "en")
    assert case.messages.first().attachments.get().file.name == "bank.txt"
    assert OutgoingMail.objects.count() == 1
    assert services.release(submission) == case
    with pytest.raises(ValidationError):
        services.discard(submission)


@pytest.mark.django_db
def test_discarded_submission_forgets_its_entries_and_files(django_capture_on_commit_callbacks):
    centre = MandateFactory().centre
    submission = services.submit(
        uuid4(), data=data(centre), uploads=[picture()], language="de", suspicion=Reason.TRAP
    )
    content = StoredFile.objects.get().content

    with django_capture_on_commit_callbacks(execute=True):
        services.discard(submission)

    assert (submission.data, StoredFile.objects.count()) == ({}, 0)
    assert not content.storage.exists(content.name)
    with pytest.raises(ValidationError):
        services.release(submission)


@pytest.mark.django_db
def test_submission_waits_in_quarantine_while_nobody_holds_a_mandate():
    centre = CentreFactory()

    submission = services.submit(uuid4(), data=data(centre), language="de")

    assert (submission.case, submission.quarantine_reason) == (None, Reason.NOBODY)
    MandateFactory(centre=centre)
    assert services.release(submission).subject == "Bänke"


@pytest.mark.django_db
def test_barrier_report_is_answered_within_a_month(time_machine_31_january):
    centre = MandateFactory().centre

    case = services.submit(uuid4(), data=data(centre, kind="barrier", email=""), language="de").case

    assert (case.kind, case.reply_by.isoformat()) == ("barrier", "2026-02-28")


@pytest.fixture
def time_machine_31_january():
    with time_machine.travel("2026-01-31 10:00+01:00", tick=False):
        yield


@pytest.mark.django_db
def test_draft_keeps_at_most_five_files_and_gives_one_back():
    token = uuid4()
    drafts.save(token, data={"title": "B\0änke"}, language="de", uploads=[picture()] * 5)
    with pytest.raises(ValidationError):
        drafts.save(token, data={"title": "Bänke"}, language="de", uploads=[picture()])

    draft = drafts.find(token)
    assert draft.data["title"] == "Bänke"
    first = drafts.files_of(draft)[0]
    drafts.remove_file(token, first.pk)
    drafts.remove_file(uuid4(), drafts.files_of(draft)[1].pk)

    assert len(drafts.files_of(drafts.find(token))) == 4


@pytest.mark.django_db
def test_empty_and_huge_drafts_are_not_kept():
    assert drafts.save(uuid4(), data={"title": " "}, language="de") is None
    assert drafts.save(uuid4(), data={"text": "x" * 200_000}, language="de") is None
    assert Submission.objects.count() == 0

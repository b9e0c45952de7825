from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from contacts.followups.ticking import tick
from contacts.intake import drafts
from contacts.models import Submission
from zentrum.files.models import StoredFile

pytestmark = pytest.mark.django_db


def draft(age, **fields):
    submission = Submission.objects.create(**fields)
    drafts.keep_uploads(submission, [SimpleUploadedFile("platz.txt", b"Skizze", "text/plain")])
    submission.save()
    Submission.objects.update(updated_at=timezone.now() - timedelta(days=age))
    return submission


def test_tick_forgets_a_draft_after_thirty_days_with_its_files(django_capture_on_commit_callbacks):
    draft(age=31)
    stored = StoredFile.objects.get().content

    with django_capture_on_commit_callbacks(execute=True):
        assert tick()["purged"] == 1

    assert (Submission.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert not stored.storage.exists(stored.name)


@pytest.mark.parametrize(
    ("age", "fields"),
    [
        (29, {}),
        (400, {"submitted_at": timezone.now()}),
        (400, {"quarantined_at": timezone.now(), "quarantine_reason": "trap"}),
    ],
    ids=["young", "handed-in", "in-quarantine"],
)
def test_tick_keeps_what_is_young_handed_in_or_in_quarantine(age, fields):
    submission = draft(age=age, **fields)

    assert tick()["purged"] == 0
    assert list(Submission.objects.all()) == [submission]

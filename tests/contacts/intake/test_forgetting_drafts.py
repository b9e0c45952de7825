from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from contacts.followups.ticking import tick
from contacts.intake import drafts
from contacts.models import Submission
from tests.concurrency import run_beside_locked, wait_until_blocked_or_done
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


@pytest.mark.django_db(transaction=True)
def test_visitor_who_comes_back_while_the_tick_forgets_loses_nothing(monkeypatch):
    token = draft(age=31).token
    delete_files = drafts._delete_files
    returns = []

    def come_back():
        try:
            return drafts.save(token, data={"title": "Neu"}, language="de").data["title"]
        finally:
            connection.close()

    def delete_while_somebody_comes_back(pks):
        returns.append(pool.submit(come_back))
        wait_until_blocked_or_done(returns[0])
        delete_files(pks)

    monkeypatch.setattr(drafts, "_delete_files", delete_while_somebody_comes_back)
    with ThreadPoolExecutor(1) as pool:
        assert drafts.forget(timezone.now() - timedelta(days=30)) == 1

    assert returns[0].result() == "Neu"
    assert drafts.find(token).data["title"] == "Neu"


@pytest.mark.django_db(transaction=True)
def test_tick_leaves_a_draft_to_who_writes_it():
    draft(age=31)
    before = timezone.now() - timedelta(days=30)

    assert run_beside_locked(Submission.objects.all(), lambda: drafts.forget(before)) == 0

"""Comments on public ideas: handed in once, read by the office, shown or refused with a reason."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from projects.ideas import commenting, guarding
from projects.models import Comment
from tests.concurrency import meet_before, run_at_once
from tests.factories.office import UserFactory
from tests.factories.projects import CommentFactory, IdeaFactory
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    monkeypatch.setattr(guarding, "FASTEST_SECONDS", -1)


@pytest.fixture
def idea(db):
    now = timezone.now()
    fields = {"public_text": "Wasser", "released_at": now, "author_confirmed_at": now}
    return IdeaFactory(title="Trinkbrunnen", **fields)


def write(client, idea, **fields):
    url = reverse("projects:idea_comment", args=[idea.reference])
    values = {"text": "Sehr gut.", "name": "Jo Berg", "email": "jo@example.org"}
    return client.post(url, {**values, "shown": guarding.sign(), **fields})


def test_nobody_reads_a_comment_before_the_office(client, sign_in, idea):
    assert write(client, idea).url == idea.get_public_url()
    comment = Comment.objects.get()
    assert "Sehr gut." not in client.get(idea.get_public_url()).content.decode()

    by = sign_in(Role.MANAGER, centre=idea.centre)
    assert "Sehr gut." in client.get(reverse("projects:comment_list")).content.decode()
    client.post(comment.get_absolute_url(), {"to": "shown"})

    comment.refresh_from_db()
    assert (comment.state, comment.decided_by) == ("shown", by)
    page = client.get(idea.get_public_url()).content.decode()
    assert "Sehr gut." in page
    assert "jo@example.org" not in page
    assert list(OutgoingMail.objects.all()) == []


def test_the_reason_of_a_refusal_is_mailed(client, sign_in, idea):
    comment = CommentFactory(idea=idea, email="jo@example.org")
    sign_in(Role.DEPUTY, centre=idea.centre)

    refused = client.post(comment.get_absolute_url(), {"to": "refused", "reason": "  "})
    assert refused.context["form"].errors.keys() == {"reason"}
    client.post(comment.get_absolute_url(), {"to": "refused", "reason": "Es nennt Namen."})

    mail = OutgoingMail.objects.get()
    assert mail.to == "jo@example.org"
    assert "Es nennt Namen." in mail.text
    assert comment.text not in client.get(idea.get_public_url()).content.decode()


def test_the_office_has_two_working_days(idea):
    values = {"name": "Jo", "email": "jo@example.org", "text": "Gut", "language": "de"}
    with time_machine.travel("2026-11-27 10:00Z", tick=False):  # a Friday
        comment = commenting.hand_in(idea, key=uuid4(), **values)

    assert comment.due_on == date(2026, 12, 1)


def test_sent_twice_it_is_one_comment(client, idea):
    shown = guarding.sign()
    write(client, idea, shown=shown)
    write(client, idea, shown=shown)

    assert Comment.objects.count() == 1


def test_machines_are_held_off(client, idea):
    assert write(client, idea, extra_subject="x").status_code == 302
    assert write(client, idea, shown="gefälscht").context["form"].non_field_errors()
    assert list(Comment.objects.all()) == []


@pytest.mark.parametrize(
    "fields",
    [{"text": ""}, {"text": "x" * 3001}, {"text": "a\0"}, {"name": " "}, {"email": "keine"}],
)
def test_what_is_wrong_is_explained(client, idea, fields):
    assert write(client, idea, **fields).context["form"].errors.keys() == fields.keys()


def test_decided_and_internal_ideas_take_no_comments(client, idea):
    idea.state, idea.reason = "declined", "Zu teuer"
    idea.save()

    assert write(client, idea).context["form"].non_field_errors()
    assert write(client, IdeaFactory()).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_once_one_wins(monkeypatch, idea):
    comment, by = CommentFactory(idea=idea), UserFactory()
    meet_before(monkeypatch, Comment, "full_clean")
    steps = [("shown", ""), ("refused", "Namen")]

    def decide():
        to, reason = steps.pop()
        commenting.decide(Comment.objects.get(pk=comment.pk), to=to, by=by, reason=reason)

    results = run_at_once(decide, times=2)

    # Taking a shown one down is possible, showing a refused one is not.
    comment.refresh_from_db()
    assert comment.state == "refused"
    assert OutgoingMail.objects.count() == 1
    assert all(r is None or isinstance(r, ValidationError) for r in results)


def test_a_refused_comment_stays_refused(idea):
    decided = {"decided_at": timezone.now(), "decided_by": UserFactory(), "reason": "Namen"}
    comment = CommentFactory(idea=idea, state="refused", **decided)

    with pytest.raises(ValidationError):
        commenting.decide(comment, to="shown", by=UserFactory())


def test_refused_comments_are_forgotten_after_half_a_year(idea):
    old = timezone.now() - timedelta(days=181)
    decided = {"decided_by": UserFactory(), "decided_at": old}
    CommentFactory(idea=idea, state="refused", reason="Namen", **decided)
    kept = [CommentFactory(idea=idea, state="shown", **decided), CommentFactory(idea=idea)]

    assert commenting.forget_refused(timezone.now()) == 1
    assert list(Comment.objects.all()) == kept


def test_comments_stand_on_the_day_of_who_leads_the_desk(client, sign_in, idea):
    comment = CommentFactory(idea=idea)
    CommentFactory()
    today = reverse("contacts:today")

    sign_in(Role.MANAGER, centre=idea.centre)
    assert client.get(today).context["beside"] == {"comments": [comment]}
    sign_in(Role.DESK, centre=idea.centre)
    assert client.get(today).context["beside"] == {}

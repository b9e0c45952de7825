from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from projects.ideas import history, moving, services
from projects.models import Idea
from tests.concurrency import meet_before, run_at_once
from tests.factories.office import CentreFactory, UserFactory
from tests.factories.projects import IdeaFactory, IdeaFollowerFactory
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)


def create(**fields):
    centre = CentreFactory()
    return services.create_idea(
        **{
            "title": "Bänke am Platz",
            "text": "Mehr Bänke, sagt Frau Beispiel.",
            "centre": centre,
            "carrier": centre.carrier,
            "received_on": date(2026, 11, 2),
            **fields,
        }
    )


def test_create_idea_gives_a_reference_and_lets_the_author_follow():
    idea = create(author_email="Frau.Beispiel@Example.org", author_name="Frau Beispiel")

    assert idea.reference.startswith("I-")
    assert idea.state == Idea.State.RECEIVED
    followers = [(f.email, f.name, f.is_author) for f in idea.followers.all()]
    assert followers == [("frau.beispiel@example.org", "Frau Beispiel", True)]


@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"title": "x" * 201},
        {"text": ""},
        {"author_email": "keine-adresse"},
        {"latitude": 52.5},
        {"latitude": 520.0, "longitude": 13.3},
    ],
)
def test_create_idea_refuses_what_is_not_valid(fields):
    with pytest.raises(ValidationError):
        create(**fields)

    assert list(Idea.objects.all()) == []


def test_each_follower_is_told_in_their_language_also_after_a_merge():
    idea = create(author_email="ann@example.org", author_language="en", author_confirmed_at=NOW)
    IdeaFollowerFactory(idea=idea, email="otto@example.org")
    target = IdeaFactory(centre=idea.centre)

    services.move_idea(idea, to="merged", by=UserFactory(), reason="Same", merged_into=target)

    english, german = OutgoingMail.objects.order_by("to")
    assert english.subject == f"Your idea {idea.reference}: merged"
    assert "there is a decision about the idea" in english.text
    assert "there is a decision" not in german.text
    languages = target.followers.order_by("email").values_list("email", "language")
    assert list(languages) == [("ann@example.org", "en"), ("otto@example.org", "de")]


def test_move_idea_tells_the_author_the_reason():
    idea = IdeaFactory(state=Idea.State.IN_REVIEW)
    IdeaFollowerFactory(idea=idea, email="frau@example.org", is_author=True)

    services.move_idea(idea, to="declined", by=UserFactory(), reason="Der Platz ist zu klein.")

    assert (idea.state, idea.reason, idea.version) == ("declined", "Der Platz ist zu klein.", 1)
    assert idea.decided_at is not None
    mail = OutgoingMail.objects.get()
    assert mail.to == "frau@example.org"
    assert "Der Platz ist zu klein." in mail.text
    assert mail.unsubscribe_url in mail.text


def test_move_idea_is_silent_on_inner_steps():
    idea = IdeaFactory()
    IdeaFollowerFactory(idea=idea, is_author=True)

    services.move_idea(idea, to="in_review", by=UserFactory())

    assert list(OutgoingMail.objects.all()) == []


RELEASED = {"author_confirmed_at": NOW, "public_text": "Drei Bänke.", "released_at": NOW}


@pytest.mark.parametrize(
    ("now", "to"),
    [
        ("received", "in_review"),
        ("in_review", "in_consultation"),
        ("in_review", "accepted"),
        ("in_consultation", "withdrawn"),
        ("accepted", "settled"),
    ],
)
def test_what_everybody_sees_has_its_sentence_and_reaches_who_follows(now, to):
    idea = IdeaFactory(state=now, **RELEASED)
    IdeaFollowerFactory(idea=idea)

    with pytest.raises(ValidationError) as refusal:
        services.move_idea(idea, to=to, by=UserFactory(), reason=" ")
    assert list(refusal.value.error_dict) == ["reason"]
    services.move_idea(idea, to=to, by=UserFactory(), reason="Am 4. Mai berät die Lenkungsgruppe.")

    assert idea.has_reason_to_show
    assert "Am 4. Mai berät die Lenkungsgruppe." in OutgoingMail.objects.get().text


def test_a_remark_is_for_the_office_alone_and_for_one_step():
    idea = IdeaFactory(state=Idea.State.IN_REVIEW)
    IdeaFollowerFactory(idea=idea)

    services.move_idea(
        idea, to="declined", by=UserFactory(), reason="Zu teuer.", remark="Der Rat war dagegen."
    )
    assert idea.remark == "Der Rat war dagegen."
    assert "Rat" not in OutgoingMail.objects.get().text
    services.move_idea(idea, to="in_review", by=UserFactory())

    assert idea.remark == ""
    remarks = [entry.remark for entry in history.of(idea) if entry.remark]
    assert remarks == ["Der Rat war dagegen."]


def test_who_stopped_the_mails_is_not_told():
    idea = IdeaFactory(state=Idea.State.IN_REVIEW)
    IdeaFollowerFactory(idea=idea, is_author=True, stopped_at=NOW)

    services.move_idea(idea, to="accepted", by=UserFactory())

    assert list(OutgoingMail.objects.all()) == []


ALLOWED = [(now, to) for now, steps in Idea.STEPS.items() for to in steps]
FORBIDDEN = [
    (now, to) for now in Idea.State.values for to in Idea.State.values if (now, to) not in ALLOWED
]


@pytest.mark.parametrize(("now", "to"), FORBIDDEN)
def test_move_idea_refuses_a_step_that_is_not_in_the_list(now, to):
    target = IdeaFactory()
    reason = "Grund" if now in Idea.STATES_WITH_REASON else ""
    merged_into = target if now == "merged" else None
    idea = IdeaFactory(state=now, reason=reason, merged_into=merged_into, centre=target.centre)

    with pytest.raises(ValidationError) as refusal:
        services.move_idea(idea, to=to, by=UserFactory(), reason="Grund", merged_into=target)

    assert refusal.value.code == "step"
    idea.refresh_from_db()
    assert idea.state == now


@pytest.mark.parametrize("to", ["parked", "forwarded", "declined", "query"])
def test_move_idea_needs_words_for(to):
    idea = IdeaFactory(state=Idea.State.IN_REVIEW)

    with pytest.raises(ValidationError):
        services.move_idea(idea, to=to, by=UserFactory(), reason="  ")

    assert Idea.objects.get().state == Idea.State.IN_REVIEW


def test_move_idea_refuses_a_stale_version():
    idea = IdeaFactory(version=3)

    with pytest.raises(ValidationError) as refusal:
        services.move_idea(idea, to="in_review", by=UserFactory(), version=2)

    assert refusal.value.code == "stale"


def test_project_started_is_reached_by_starting_a_project_only():
    idea = IdeaFactory(state=Idea.State.ACCEPTED)

    with pytest.raises(ValidationError):
        services.move_idea(idea, to="project_started", by=UserFactory())


def test_merged_idea_hands_its_confirmed_followers_on():
    target = IdeaFactory(state=Idea.State.IN_REVIEW)
    idea = IdeaFactory(state=Idea.State.IN_REVIEW, centre=target.centre, author_confirmed_at=NOW)
    IdeaFollowerFactory(idea=idea, email="frau@example.org", is_author=True)
    IdeaFollowerFactory(idea=idea, email="aus@example.org", stopped_at=NOW)

    services.move_idea(
        idea, to="merged", by=UserFactory(), reason="Gleiche Idee", merged_into=target
    )

    assert idea.merged_into == target
    assert [f.email for f in target.followers.all()] == ["frau@example.org"]


@pytest.mark.parametrize("case", ["itself", "other centre", "merged one", "none"])
def test_merge_refuses(case):
    idea = IdeaFactory(state=Idea.State.IN_REVIEW)
    other = IdeaFactory(centre=idea.centre)
    target = {
        "itself": idea,
        "other centre": IdeaFactory(),
        "merged one": IdeaFactory(
            centre=idea.centre, state="merged", reason="Grund", merged_into=other
        ),
        "none": None,
    }[case]

    with pytest.raises(ValidationError) as refusal:
        services.move_idea(idea, to="merged", by=UserFactory(), reason="Grund", merged_into=target)

    assert list(refusal.value.error_dict) == ["merged_into"]


def test_ideas_do_not_go_round_in_a_circle():
    centre, by = CentreFactory(), UserFactory()
    first, second, third = (IdeaFactory(centre=centre) for _ in range(3))
    for idea, into in ((first, second), (second, third)):
        services.move_idea(idea, to="merged", by=by, reason="Gleich", merged_into=into)

    with pytest.raises(ValidationError) as refusal:
        services.move_idea(third, to="merged", by=by, reason="Gleich", merged_into=first)

    assert first.reference in refusal.value.messages[0]
    assert second.reference in refusal.value.messages[0]
    assert Idea.objects.get(pk=third.pk).state == "received"


def test_release_needs_a_confirmed_author():
    idea = IdeaFactory()

    with pytest.raises(ValidationError):
        services.release_idea(idea, by=UserFactory(), public_text="Mehr Bänke.", title="Bänke")

    assert list(Idea.objects.public()) == []


def test_release_publishes_the_offices_words():
    idea = IdeaFactory()
    services.confirm_author(idea)

    services.release_idea(idea, by=UserFactory(), public_text="Mehr Bänke.", title="Bänke")

    assert [(i.title, i.public_text) for i in Idea.objects.public()] == [("Bänke", "Mehr Bänke.")]


def test_withdrawn_release_is_public_nowhere():
    idea = IdeaFactory(author_confirmed_at=NOW, public_text="Bänke", released_at=NOW)

    services.withdraw_release(idea, by=UserFactory())

    assert list(Idea.objects.public()) == []
    assert Idea.objects.get().public_text == "Bänke"


def test_history_says_who_moved_the_idea(client, sign_in):
    idea = IdeaFactory(state=Idea.State.IN_REVIEW)
    user = sign_in("manager", centre=idea.centre, carrier=idea.carrier)

    services.move_idea(idea, to="declined", by=user, reason="Zu teuer.")

    history = client.get(reverse("projects:idea_detail", args=[idea.pk])).context["history"]
    assert [(entry.text, entry.user) for entry in history] == [("Zu teuer.", user), ("", None)]


@pytest.mark.django_db(transaction=True)
def test_two_people_moving_an_idea_at_once_move_it_once():
    idea = IdeaFactory(state=Idea.State.IN_REVIEW)
    IdeaFollowerFactory(idea=idea, is_author=True)
    by = UserFactory()

    def move():
        fresh = Idea.objects.get(pk=idea.pk)
        services.move_idea(fresh, to="accepted", by=by)

    results = run_at_once(move)

    assert sorted(type(result).__name__ for result in results) == [
        "NoneType",
        *["ValidationError"] * 3,
    ]
    idea.refresh_from_db()
    assert (idea.state, idea.version) == ("accepted", 1)
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_ideas_merged_into_each_other_at_once_leave_one(monkeypatch):
    meet_before(monkeypatch, moving, "take_step")
    centre, by = CentreFactory(), UserFactory()
    one, other = IdeaFactory(centre=centre, title="Bank"), IdeaFactory(centre=centre, title="Baum")
    steps = [(one, other), (other, one)]

    def merge():
        idea, into = steps.pop()
        services.move_idea(idea, to="merged", by=by, reason="Dasselbe", merged_into=into)

    results = run_at_once(merge, times=2)

    (refusal,) = filter(None, results)
    merged = Idea.objects.get(state="merged")
    assert "im Kreis" in refusal.messages[0]
    assert merged.reference in refusal.messages[0]
    assert Idea.objects.get(state="received") == merged.merged_into


@pytest.mark.django_db(transaction=True)
def test_a_double_click_enters_one_idea():
    centre = CentreFactory()
    by = UserFactory()

    def enter():
        return services.enter_idea(
            by=by,
            title="Bänke",
            text="Mehr Bänke",
            centre=centre,
            carrier=centre.carrier,
            received_on=date(2026, 11, 2),
        )

    results = run_at_once(enter)

    assert Idea.objects.count() == 1
    refusals = [result for result in results if isinstance(result, ValidationError)]
    assert [refusal.code for refusal in refusals] == ["twin"] * 3


def test_one_person_follows_an_idea_once_in_whatever_capitals():
    follower = IdeaFollowerFactory(email="erika@example.org")

    with pytest.raises(IntegrityError, match="idea_follower_once_any_case"), transaction.atomic():
        IdeaFollowerFactory(idea=follower.idea, email="Erika@Example.org")

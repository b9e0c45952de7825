"""Several ideas become one: joined to it, everybody told, the public pages point to it."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from projects.ideas import services
from projects.models import Idea
from tests.concurrency import meet_before, run_at_once
from tests.factories.office import CarrierFactory, CentreFactory, UserFactory
from tests.factories.projects import GoalFactory, IdeaFactory, IdeaFollowerFactory
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
URL = reverse("projects:idea_bundle")
WORDS = {"title": "Mehr Grün", "text": "Bäume und Beete", "reason": "Wir planen beides zusammen."}


@pytest.fixture
def centre():
    return CentreFactory()


@pytest.fixture
def ideas(centre):
    old = {"centre": centre, "text": "Mehr Grün am Platz"}
    parked = {"state": "parked", "reason": "Später"}
    return [
        IdeaFactory(title="Bäume", reference="I-2020-0001", **old, **parked),
        IdeaFactory(title="Beete", reference="I-2020-0002", **old, state="in_review"),
    ]


def released(idea):
    Idea.objects.filter(pk=idea.pk).update(
        public_text=idea.text, author_confirmed_at=timezone.now(), released_at=timezone.now()
    )


def test_the_ideas_are_joined_to_the_new_one(ideas):
    goals = [GoalFactory(), GoalFactory()]
    for idea, goal in zip(ideas, goals, strict=True):
        idea.goals.add(goal)

    bundle = services.bundle_ideas(ideas, by=UserFactory(), **WORDS)

    assert (bundle.state, bundle.title, bundle.centre) == (
        "in_review",
        "Mehr Grün",
        ideas[0].centre,
    )
    assert set(bundle.goals.all()) == set(goals)
    for idea in ideas:
        idea.refresh_from_db()
        assert (idea.state, idea.merged_into) == ("merged", bundle)
        assert idea.reason == WORDS["reason"]


def test_followers_are_told_with_the_sentence_and_follow_the_bundle(ideas):
    IdeaFollowerFactory(idea=ideas[0], email="a@example.org")
    IdeaFollowerFactory(idea=ideas[1], email="a@example.org")
    IdeaFollowerFactory(idea=ideas[1], email="b@example.org")
    IdeaFollowerFactory(idea=ideas[1], email="c@example.org", stopped_at=timezone.now())

    bundle = services.bundle_ideas(ideas, by=UserFactory(), **WORDS)

    followers = bundle.followers.order_by("email").values_list("email", flat=True)
    assert list(followers) == ["a@example.org", "b@example.org"]
    mails = OutgoingMail.objects.order_by("to")
    assert [mail.to[0] for mail in mails] == ["a", "a", "b"]  # of each idea that they follow
    assert all(WORDS["reason"] in mail.text and bundle.reference in mail.text for mail in mails)


@pytest.mark.parametrize("case", ["one", "other desk", "settled", "merged"])
def test_bundling_refuses(ideas, centre, case):
    merged = {"state": "merged", "reason": "Gleich", "merged_into": ideas[0]}
    other = {
        "one": ideas[0],
        "other desk": IdeaFactory(centre=centre, carrier=CarrierFactory()),
        "settled": IdeaFactory(centre=centre, state="settled"),
        "merged": IdeaFactory(centre=centre, **merged),
    }[case]
    known = set(Idea.objects.values_list("pk", "state"))

    with pytest.raises(ValidationError):
        services.bundle_ideas([ideas[0], other], by=UserFactory(), **WORDS)

    assert set(Idea.objects.values_list("pk", "state")) == known


@pytest.mark.django_db(transaction=True)
def test_an_idea_goes_into_one_of_two_bundles_at_once(ideas, monkeypatch):
    meet_before(monkeypatch, services, "create_idea")
    by = UserFactory()

    results = run_at_once(lambda: services.bundle_ideas(ideas, by=by, **WORDS), times=2)

    assert sorted(type(result).__name__ for result in results) == ["Idea", "ValidationError"]
    assert Idea.objects.count() == 3
    assert {idea.merged_into_id for idea in Idea.objects.filter(state="merged")} == {
        next(result.pk for result in results if isinstance(result, Idea))
    }


def test_ideas_are_chosen_in_the_list(client, sign_in, centre, ideas):
    sign_in(Role.MANAGER, centre=centre)
    chosen = {"idea": [idea.reference for idea in ideas]}
    page = client.get(reverse("projects:idea_list")).content.decode()
    assert page.count('form="bundle"') == 2

    form = client.get(URL, chosen)
    assert form.context["ideas"] == ideas
    assert "Beete" in form.context["form"]["text"].value()
    assert client.post(URL, chosen | {"title": "Grün"}).context["form"].errors.keys() == {
        "text",
        "reason",
    }

    bundle = Idea.objects.exclude(pk__in=[i.pk for i in ideas])
    assert client.post(URL, chosen | WORDS).url == bundle.get().get_absolute_url()
    second = client.post(URL, chosen | WORDS)
    assert second.context["form"].non_field_errors()
    assert bundle.count() == 1


def test_one_idea_is_no_bundle_and_foreign_ones_do_not_count(client, sign_in, centre, ideas):
    sign_in(Role.MANAGER, centre=centre)
    foreign = IdeaFactory()

    answer = client.get(URL, {"idea": [ideas[0].reference, foreign.reference]})

    assert answer.url == reverse("projects:idea_list")
    refused = client.post(URL, {"idea": [ideas[0].reference, foreign.reference], **WORDS})
    assert refused.context["form"].non_field_errors()
    assert Idea.objects.count() == 3


def test_the_desk_may_not_bundle(client, sign_in, centre, ideas):
    sign_in(Role.DESK, centre=centre)

    assert client.get(URL).status_code == 403
    assert 'form="bundle"' not in client.get(reverse("projects:idea_list")).content.decode()


def test_public_pages_point_to_where_it_goes_on(client, ideas):
    by = UserFactory()
    released(ideas[0])
    bundle = services.bundle_ideas(ideas, by=by, **WORDS)
    last = IdeaFactory(centre=bundle.centre)
    services.move_idea(bundle, to="merged", by=by, reason="Noch größer", merged_into=last)
    url = ideas[0].get_public_url()

    assert last.get_public_url() not in client.get(url).content.decode()
    released(last)
    page = client.get(url).content.decode()

    assert last.get_public_url() in page
    assert WORDS["reason"] in page


def test_similar_ideas_offer_to_merge_and_to_bundle(client, sign_in, centre):
    sign_in(Role.MANAGER, centre=centre)
    idea = IdeaFactory(title="Trinkbrunnen am Markt", centre=centre, state="in_review")
    other = IdeaFactory(title="Trinkbrunnen", centre=centre)
    url = reverse("projects:idea_move", args=[idea.pk]) + f"?to=merged&into={other.reference}"

    page = client.get(reverse("projects:idea_similar", args=[idea.pk])).content.decode()
    assert url.replace("&", "&amp;") in page
    assert f"{URL}?idea={idea.reference}&amp;idea={other.reference}" in page

    form = client.get(url).context["form"]
    assert form["merged_into"].value() == other.reference
    assert other.reference in form["reason"].value()

    sign_in(Role.DESK, centre=centre)
    page = client.get(reverse("projects:idea_similar", args=[idea.pk])).content.decode()
    assert "to=merged" not in page

import pytest
from django.urls import reverse
from django.utils import timezone

from actors.duplicates import finding, merging
from actors.models import Actor, Candidate, Merge
from tests.factories.actors import (
    ActorFactory,
    AddressFactory,
    EmailAddressFactory,
    PhoneNumberFactory,
    RelationFactory,
    SectorFactory,
)
from tests.factories.office import CentreFactory, UserFactory
from zentrum.accounts.roles import Role

LIST_URL = reverse("actors:candidate_list")
MERGES_URL = reverse("actors:merge_list")


@pytest.fixture
def centre(sign_in):
    centre = CentreFactory()
    sign_in(Role.MANAGER, centre=centre)
    return centre


def pair_of(centre, name="Optik Meier"):
    pair = [ActorFactory(name=name, centre=centre) for _number in range(2)]
    for actor in pair:
        EmailAddressFactory(actor=actor, email=f"info@{name.split()[-1]}.example".lower())
    return pair


def merge_url(kept, merged):
    return reverse("actors:actor_merge", args=[kept.pk, merged.pk])


@pytest.mark.parametrize("count", [1, 3])
def test_list_needs_the_same_queries_for_any_length(
    client, centre, django_assert_num_queries, count
):
    for number in range(count):
        pair_of(centre, f"Optik {'abc'[number] * 5}")
    finding.find()
    client.get(LIST_URL)

    with django_assert_num_queries(7):
        response = client.get(LIST_URL)

    assert len(response.context["object_list"]) == count


def test_list_explains_the_score(client, centre):
    first, second = pair_of(centre)
    finding.find()

    response = client.get(LIST_URL, headers={"accept-language": "en"})

    text = response.content.decode()
    assert "85 of 100 points" in text
    assert "100 of 100 alike" in text
    assert merge_url(first, second) in text
    assert "never by the name alone" in text


def test_only_the_name_offers_no_merge(client, centre):
    for _number in range(2):
        ActorFactory(name="Heimatverein", centre=centre)
    finding.find()

    assert len(client.get(LIST_URL).context["object_list"]) == 0
    response = client.get(LIST_URL, {"tab": "name"})
    assert len(response.context["object_list"]) == 1
    assert "zusammenfuehren" not in response.content.decode()


def test_desk_staff_do_not_merge(client, sign_in):
    centre = CentreFactory()
    first, second = pair_of(centre)
    sign_in(Role.DESK, centre=centre)

    codes = [client.get(url).status_code for url in (LIST_URL, merge_url(first, second))]

    assert codes == [403, 403]


def test_pair_with_one_foot_in_another_centre_is_not_shown(client, centre):
    mine = ActorFactory(name="Lupe", centre=centre)
    theirs = ActorFactory(name="Lupe")
    for actor in (mine, theirs):
        EmailAddressFactory(actor=actor, email="a@lupe.example")
    finding.find()

    assert Candidate.objects.count() == 1
    context = client.get(LIST_URL).context
    assert len(context["object_list"]) == 0
    assert [tab["count"] for tab in context["views"][:2]] == [0, 0]
    assert client.get(merge_url(mine, theirs)).status_code == 404
    assert client.get(merge_url(theirs, mine)).status_code == 404


def test_desk_staff_of_the_other_centre_may_not_merge_into_it(client, sign_in):
    centre, other = CentreFactory(), CentreFactory()
    user = sign_in(Role.MANAGER, centre=centre)
    sign_in(Role.DESK, centre=other, user=user)
    mine, theirs = ActorFactory(centre=centre), ActorFactory(centre=other)

    assert client.get(merge_url(mine, theirs)).status_code == 404


def test_not_the_same_is_remembered_with_who_said_so(client, centre):
    pair_of(centre)
    finding.find()
    candidate = Candidate.objects.get()

    response = client.post(reverse("actors:candidate_reject", args=[candidate.pk]))

    candidate.refresh_from_db()
    assert response.url == LIST_URL
    assert candidate.decided_by is not None
    assert len(client.get(LIST_URL).context["object_list"]) == 0


def post_merge(client, kept, merged, **choices):
    form = client.get(merge_url(kept, merged)).context["form"]
    data = {name: field.initial for name, field in form.fields.items()} | form.initial
    return client.post(merge_url(kept, merged), data | choices)


def test_merge_takes_the_chosen_value_of_each_field(client, centre):
    kept, merged = pair_of(centre)
    Actor.objects.filter(pk=merged.pk).update(
        name="Optik Maier", website="https://maier.example", description="Am Markt"
    )
    AddressFactory(actor=kept, street="Torgasse 1")
    AddressFactory(actor=merged, street="Marktplatz 3")
    merged.sectors.add(SectorFactory())

    response = post_merge(client, kept, merged, name="merged", address="merged")

    done = Merge.objects.get()
    kept.refresh_from_db()
    assert response.url == reverse("actors:merge_detail", args=[done.pk])
    assert (kept.name, kept.website, kept.description) == (
        "Optik Maier",
        "https://maier.example",
        "Am Markt",
    )
    assert kept.addresses.get(is_main=True).street == "Marktplatz 3"
    assert kept.sectors.count() == 1
    assert done.before["name"] == "Optik Meier"


def test_old_address_leads_to_the_kept_actor(client, centre):
    kept, merged = pair_of(centre)
    post_merge(client, kept, merged)

    response = client.get(merged.get_absolute_url())

    assert response.url == kept.get_absolute_url()


def test_merge_page_says_what_moves(client, centre):
    kept, merged = pair_of(centre)
    RelationFactory(actor=merged, other=ActorFactory(centre=centre))

    response = client.get(merge_url(kept, merged), headers={"accept-language": "en"})

    assert dict(response.context["hanging"]) == {"relations": 1}


def test_stale_page_shows_both_again_and_may_go_on(client, centre):
    kept, merged = pair_of(centre)
    form = client.get(merge_url(kept, merged)).context["form"]
    Actor.objects.filter(pk=kept.pk).update(version=7)

    response = client.post(merge_url(kept, merged), form.initial)

    assert Merge.objects.count() == 0
    assert "in the meantime" in client_text(client, kept, merged, form)
    again = response.context["form"]
    assert client.post(merge_url(kept, merged), again.data).status_code == 302


def client_text(client, kept, merged, form):
    url = merge_url(kept, merged)
    return client.post(url, form.initial, headers={"accept-language": "en"}).content.decode()


def test_second_press_finds_the_merge_done(client, centre):
    kept, merged = pair_of(centre)
    post_merge(client, kept, merged)

    assert client.post(merge_url(kept, merged), {}).status_code == 404
    assert Merge.objects.count() == 1


def test_forged_choice_is_refused_with_a_message(client, centre):
    kept, merged = pair_of(centre)
    Actor.objects.filter(pk=merged.pk).update(name="Optik Maier")

    response = post_merge(client, kept, merged, name="x\0y")

    assert response.status_code == 200
    assert "name" in response.context["form"].errors


def test_undo_from_the_page(client, centre):
    kept, merged = pair_of(centre)
    done = merging.merge(kept, merged, by=UserFactory(), values={})
    url = reverse("actors:merge_undo", args=[done.pk])
    assert url in client.get(reverse("actors:merge_detail", args=[done.pk])).content.decode()

    client.post(url)

    merged.refresh_from_db()
    assert merged.merged_into is None
    text = client.get(reverse("actors:merge_detail", args=[done.pk])).content.decode()
    assert url not in text


def test_merged_list_needs_the_same_queries_for_any_length(
    client, centre, django_assert_num_queries
):
    for number in range(3):
        pair = pair_of(centre, f"Optik {'abc'[number] * 5}")
        merging.merge(*pair, by=UserFactory(), values={})

    with django_assert_num_queries(7):
        response = client.get(MERGES_URL)

    assert len(response.context["object_list"]) == 3


def test_any_two_actors_can_be_merged_by_hand(client, centre):
    actor, other = ActorFactory(centre=centre), ActorFactory(name="Kiosk Ampel", centre=centre)

    response = client.post(
        reverse("actors:actor_twin", args=[actor.pk]), {"other": "Kiosk Ampel", "other_id": ""}
    )

    assert response.url == merge_url(actor, other)


def test_search_now_is_queued(client, centre, django_capture_on_commit_callbacks, monkeypatch):
    queued = []
    monkeypatch.setattr(
        "actors.duplicates.tasks.find_duplicates.delay", lambda *args: queued.append(args)
    )

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("actors:candidate_find"))

    assert queued == [()]


def test_names_stay_text(client, centre):
    pair = pair_of(centre)
    Actor.objects.filter(pk__in=[actor.pk for actor in pair]).update(name="<b>Optik</b> Meier")
    finding.find()
    kept, merged = pair

    pages = [client.get(url).content.decode() for url in (LIST_URL, merge_url(kept, merged))]

    assert not any("<b>Optik" in page for page in pages)


def test_decided_or_archived_pairs_are_not_listed(client, centre):
    pair_of(centre)
    finding.find()
    Actor.objects.filter(pk=Candidate.objects.get().first_id).update(archived_at=timezone.now())

    assert len(client.get(LIST_URL).context["object_list"]) == 0


def test_phone_shared_pair_shows_the_phone(client, centre):
    for name, number in (("Salon Haargenau", "030/123456"), ("Friseur Haargenau", "030 123456")):
        PhoneNumberFactory(actor=ActorFactory(name=name, centre=centre), number=number)
    finding.find()

    text = client.get(LIST_URL).content.decode()

    assert "030/123456" in text
    assert "030 123456" in text


def test_merged_actor_is_edited_and_brought_back_by_nobody(client, centre):
    kept, merged = pair_of(centre)
    merging.merge(kept, merged, by=UserFactory(), values={})

    names = ("actors:actor_update", "actors:actor_unarchive")
    codes = [client.post(reverse(name, args=[merged.pk])).status_code for name in names]

    assert codes == [404, 404]


def test_page_of_an_actor_names_its_twins_and_merges(client, centre):
    kept, merged = pair_of(centre)
    twin = ActorFactory(name="Optik Meier", centre=centre)
    EmailAddressFactory(actor=twin, email="info@meier.example")
    done = merging.merge(kept, merged, by=UserFactory(), values={})
    finding.find()

    text = client.get(kept.get_absolute_url()).content.decode()

    assert merge_url(kept, twin) in text
    assert reverse("actors:merge_detail", args=[done.pk]) in text


@pytest.mark.parametrize("given", ["abc", "0", "9" * 5000, "\0", "theirs", "itself"])
def test_twin_that_may_not_be_chosen_is_refused(client, centre, given):
    actor, theirs = ActorFactory(centre=centre), ActorFactory()
    ids = {"theirs": theirs.pk, "itself": actor.pk}

    response = client.post(
        reverse("actors:actor_twin", args=[actor.pk]), {"other_pick": ids.get(given, given)}
    )

    assert response.status_code == 200
    assert "other" in response.context["form"].errors

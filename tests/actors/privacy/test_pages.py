from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actors.models import Actor, Consent, Erasure, RetentionProposal
from actors.privacy import planning
from tests.actors.privacy.rules import rule_of
from tests.actors.privacy.world import plant
from tests.factories.actors import ActorFactory, ConsentFactory
from tests.factories.contacts import CaseFactory
from tests.factories.office import CentreFactory, UserFactory
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db
OVERVIEW = reverse("actors:privacy_overview")
RECORD = reverse("actors:processing_record")


@pytest.fixture
def centre(sign_in):
    centre = CentreFactory()
    sign_in(Role.MANAGER, centre=centre)
    return centre


def url(name, actor, *more):
    return reverse(f"actors:{name}", args=[actor.pk, *more])


def consent_data(**changes):
    today = timezone.localdate().isoformat()
    data = {"purpose": "directory", "text_version": "Mai 2026", "given_on": today}
    return data | {"source": "Formular"} | changes


def test_consent_is_noted_shown_and_withdrawn_with_its_days(client, centre):
    actor = ActorFactory(name="Laden", centre=centre)
    assert list(Actor.objects.public()) == []

    response = client.post(url("consent_create", actor), consent_data())

    consent = actor.consents.get()
    assert response.url == f"/akteure/{actor.pk}/#consents"
    assert (consent.source, consent.given_on) == ("Formular", timezone.localdate())
    assert list(Actor.objects.public()) == [actor]
    assert "Formular" in client.get(actor.get_absolute_url()).content.decode()
    withdrawal = {"withdrawn_on": timezone.localdate().isoformat()}
    client.post(url("consent_withdraw", actor, consent.pk), withdrawal)
    consent.refresh_from_db()
    assert consent.withdrawn_on == timezone.localdate()
    assert list(Actor.objects.public()) == []
    assert "<details>" in client.get(actor.get_absolute_url()).content.decode()


def test_consent_given_twice_stands_there_once(client, centre):
    actor = ActorFactory(centre=centre)
    for _number in range(2):
        client.post(url("consent_create", actor), consent_data(purpose="news"))
    assert actor.consents.count() == 1


BAD = [
    ({"purpose": "spam"}, "purpose"),
    ({"given_on": "2999-01-01"}, "given_on"),
    ({"given_on": "gestern"}, "given_on"),
    ({"source": ""}, "source"),
    ({"text_version": "a\0b"}, "text_version"),
    ({"source": "x" * 201}, "source"),
]


@pytest.mark.parametrize(("change", "field"), BAD)
def test_bad_consent_is_refused(client, centre, change, field):
    actor = ActorFactory(centre=centre)

    response = client.post(url("consent_create", actor), consent_data(**change))

    assert list(response.context["form"].errors) == [field]
    assert not Consent.objects.exists()


@pytest.mark.parametrize("purpose", ["directory", "contact_data"])
def test_person_is_never_listed(client, centre, purpose):
    person = ActorFactory(kind="person", centre=centre)

    response = client.post(url("consent_create", person), consent_data(purpose=purpose))

    assert list(response.context["form"].errors) == ["purpose"]


def test_withdrawal_before_the_consent_is_refused(client, centre):
    consent = ConsentFactory(actor__centre=centre)

    response = client.post(
        url("consent_withdraw", consent.actor, consent.pk), {"withdrawn_on": "2020-01-01"}
    )

    assert list(response.context["form"].errors) == ["withdrawn_on"]


def erase_data(person, **changes):
    data = {"name": str(person), "reason": "Antrag", "is_offered": "on"}
    data["fingerprint"] = planning.plan(person).fingerprint
    data["replace"] = [mention.key for mention in planning.plan(person).mentions]
    return data | changes


def test_erasure_shows_what_goes_and_stays_and_is_logged_without_the_name(client, centre):
    person = plant(centre)
    page = client.get(url("actor_erase", person)).content.decode()
    assert "Bank vor Quittenbaum" in page  # the case to offer
    assert "weiß mehr" in page  # a mention in a case of somebody else

    response = client.post(url("actor_erase", person), erase_data(person))

    assert response.url == OVERVIEW
    assert Erasure.objects.get().reason == "Antrag"
    page = client.get(OVERVIEW).content.decode()
    assert ("Antrag" in page, "Quittenbaum" in page) == (True, False)


def test_a_row_that_names_the_actor_twice_has_one_tick(centre):
    person = plant(centre)
    before = len(planning.plan(person).mentions)
    CaseFactory(centre=centre, subject=f"Wegen {person}", place=f"Bei {person}")

    named = [mention.key for mention in planning.plan(person).mentions]

    assert len(named) == len(set(named)) == before + 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "Falsch"}, "name"),
        ({"is_offered": ""}, "is_offered"),
        ({"reason": ""}, "reason"),
        ({"fingerprint": "x"}, "__all__"),
    ],
)
def test_erasure_page_refuses_and_says_why(client, centre, change, field):
    person = plant(centre)

    response = client.post(url("actor_erase", person), erase_data(person, **change))

    assert list(response.context["form"].errors) == [field]
    assert Actor.objects.get(pk=person.pk).name == "Quittenbaum"


@pytest.mark.parametrize("name", ["disclosure", "actor_erase"])
def test_actor_of_another_centre_has_no_such_page(client, centre, name):
    assert client.get(url(name, ActorFactory())).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_overview_needs_the_same_queries_for_any_number_of_rows(
    client, centre, count, django_assert_num_queries
):
    for number in range(count):
        ConsentFactory(actor__centre=centre, withdrawn_on=timezone.localdate())
        proposal_of("case", centre, row=number)

    client.get(OVERVIEW)
    with django_assert_num_queries(11):
        response = client.get(OVERVIEW)

    assert len(response.context["withdrawn"]) == count


def test_overview_counts_and_names_nothing_of_another_centre(client, centre):
    other = CentreFactory()
    ConsentFactory(actor__centre=other)
    ConsentFactory(actor__centre=other, withdrawn_on=timezone.localdate())
    proposal_of("case", other, row=1)
    Erasure.objects.create(by=UserFactory(), centre=other, reason="Wunsch")

    context = client.get(OVERVIEW).context

    shown = ("consent_counts", "withdrawn", "erasures", "disclosures")
    assert [list(context[name]) for name in shown] == [[], [], [], []]
    assert not context["proposals"]


def proposal_of(data_class, centre, row):
    return RetentionProposal.objects.create(
        rule=rule_of(data_class),
        centre=centre,
        row=row,
        label=f"Vorschlag {row}",
        due_on=timezone.localdate(),
    )


@pytest.mark.parametrize("count", [1, 3])
def test_proposals_need_the_same_queries_for_any_number(
    client, centre, count, django_assert_num_queries
):
    for number in range(count):
        proposal_of("case", centre, number)

    client.get(reverse("actors:proposal_list"))
    with django_assert_num_queries(6):
        response = client.get(reverse("actors:proposal_list"))

    assert len(response.context["object_list"]) == count


def test_proposal_is_kept_with_a_reason_or_carried_out_on_the_page(client, centre):
    old = timezone.now() - timedelta(days=3000)
    case = CaseFactory(centre=centre, state="closed", outcome="answered", closed_at=old)
    kept, done = proposal_of("visit", centre, 1), proposal_of("case", centre, case.pk)

    client.post(
        reverse("actors:proposal_decide", args=[kept.pk]), {"decision": "keep", "reason": "Streit"}
    )
    client.post(
        reverse("actors:proposal_decide", args=[done.pk]),
        {"decision": "carry_out", "is_offered": "on"},
    )

    kept.refresh_from_db()
    assert (kept.is_kept, kept.reason) == (True, "Streit")
    assert not type(case).objects.exists()


def test_record_follows_from_the_rules(client, centre):
    rule = rule_of("case")
    changed = {
        "months": "72",
        "action": "delete",
        "purpose": "Anliegen beantworten",
        "legal_basis": "Satzung",
        "recipients": "",
        "is_active": "on",
    }
    client.post(reverse("actors:rule_update", args=[rule.pk]), changed)

    page = client.get(RECORD).content.decode()

    assert ("72 " in page, "Satzung" in page, "Anliegen beantworten" in page) == (True,) * 3
    content = client.get(reverse("actors:processing_record_pdf"))
    assert content.content.startswith(b"%PDF")


@pytest.mark.parametrize("change", [{"months": "0"}, {"months": "9999"}, {"action": "anonymise"}])
def test_bad_rule_is_refused(client, centre, change):
    rule = rule_of("case")
    given = {"months": "6", "action": "delete", "purpose": "a", "legal_basis": "b"} | change

    response = client.post(reverse("actors:rule_update", args=[rule.pk]), given)

    assert list(response.context["form"].errors) == list(change)

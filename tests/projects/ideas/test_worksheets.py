import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from projects.ideas import developing
from projects.models import Worksheet
from tests.concurrency import meet_before, run_at_once
from tests.factories.office import CentreFactory, UserFactory
from tests.factories.projects import IdeaFactory
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db
WORDS = {"benefit": "Schatten am Anger", "cost": "4000", "effort": "low", "version": "0"}


@pytest.fixture
def idea():
    return IdeaFactory()


@pytest.fixture
def manager(sign_in, idea):
    return sign_in(Role.MANAGER, centre=idea.centre, carrier=idea.carrier)


def page_url(idea):
    return reverse("projects:idea_worksheet", args=[idea.pk])


def form_url(idea):
    return reverse("projects:idea_worksheet_update", args=[idea.pk])


def test_worksheet_is_written_and_every_version_stays(client, manager, idea):
    empty = client.get(page_url(idea))
    client.post(form_url(idea), WORDS)
    answer = client.post(form_url(idea), WORDS | {"cost": "12500", "version": "1"})
    page = client.get(answer.url)

    assert "Noch hat niemand diese Idee durchdacht." in empty.text
    assert "Schatten am Anger" in page.text
    assert "12.500 €" in page.text
    versions = page.context["versions"]
    assert [(row.number, row.user, len(row.changes)) for row in versions] == [
        (2, manager, 1),
        (1, manager, 3),
    ]
    assert page_url(idea) in client.get(idea.get_absolute_url()).text


def test_nobody_overwrites_the_words_of_another(client, manager, idea):
    client.post(form_url(idea), WORDS)
    stale = client.post(form_url(idea), WORDS | {"benefit": "Sitzplätze", "risk": "Wind"})
    again = dict(WORDS) | {"benefit": "Sitzplätze", "version": "1"}

    assert stale.context["form"].theirs == [("Nutzen", "Schatten am Anger"), ("Risiko", "–")]
    assert "Sitzplätze" in stale.text
    assert client.post(form_url(idea), again).url == page_url(idea)
    assert Worksheet.objects.get().benefit == "Sitzplätze"


def test_same_words_again_are_no_new_version(client, manager, idea):
    for _ in range(2):
        assert client.post(form_url(idea), WORDS).status_code == 302

    assert Worksheet.objects.get().version == 1


@pytest.mark.parametrize("cost", ["-1", "1.5", "vier", "99999999999999999999", "1000000000"])
def test_cost_is_a_whole_number_of_euro(client, manager, idea, cost):
    page = client.post(form_url(idea), WORDS | {"cost": cost})

    assert list(page.context["form"].errors) == ["cost"]
    assert not Worksheet.objects.exists()


@pytest.mark.parametrize("change", [{"effort": "none"}, {"risk": "x" * 20001}, {"version": "x"}])
def test_what_makes_no_sense_is_refused(client, manager, idea, change):
    page = client.post(form_url(idea), WORDS | change)

    assert list(page.context["form"].errors) == list(change)


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [
        (Role.MANAGER, 200, 200),
        (Role.DEPUTY, 200, 200),
        (Role.DESK, 200, 403),
        (Role.CITY, 404, 403),
        (Role.BODY_MEMBER, 404, 403),
        (Role.TECHNICAL, 403, 403),
    ],
)
def test_worksheet_is_for_the_own_desk_only(client, sign_in, idea, role, reads, writes):
    sign_in(role, centre=idea.centre, carrier=idea.carrier)

    assert client.get(page_url(idea)).status_code == reads
    assert client.get(form_url(idea)).status_code == writes


def test_worksheet_of_another_desk_does_not_exist(client, sign_in, idea):
    sign_in(Role.MANAGER, centre=CentreFactory())

    assert client.get(page_url(idea)).status_code == 404
    assert client.post(form_url(idea), WORDS).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_page_needs_the_same_queries_for_any_history(
    client, manager, idea, django_assert_max_num_queries, count
):
    for number in range(count):
        developing.save_worksheet(idea, by=manager, cost=number + 1)

    with django_assert_max_num_queries(7):
        assert len(client.get(page_url(idea)).context["versions"]) == count


def test_database_keeps_no_negative_cost(idea):
    with pytest.raises(IntegrityError), transaction.atomic():
        Worksheet.objects.create(idea=idea, cost=-1)


@pytest.mark.django_db(transaction=True)
def test_two_first_versions_at_once_leave_one_and_a_refusal(monkeypatch):
    idea, user = IdeaFactory(), UserFactory()
    meet_before(monkeypatch, Worksheet, "full_clean")
    costs = iter([1, 2])

    def act():
        developing.save_worksheet(idea, by=user, version=0, cost=next(costs))

    answers = run_at_once(act, times=2)

    assert sorted(getattr(answer, "code", "") for answer in answers) == ["", "stale"]
    assert Worksheet.objects.get().version == 1

"""Support without an account: confirmed by a mailed link, one voice per person and idea."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from projects.ideas import guarding, services, supporting
from projects.ideas.supporters import person_of
from projects.models import Supporter
from tests.concurrency import run_at_once
from tests.factories.office import UserFactory
from tests.factories.projects import IdeaFactory, SupporterFactory
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


def ask(client, idea, email="frau@laden.example", **fields):
    url = reverse("projects:idea_support_ask", args=[idea.reference])
    return client.post(url, {"email": email, "shown": guarding.sign(), **fields})


def link():
    mail = OutgoingMail.objects.get()
    return re.search(r"(/ideen/stimme/\S+)", mail.text)[1]


def voices(idea):
    return idea.supporters.confirmed().count()


def test_a_voice_counts_once_its_address_is_confirmed(client, idea):
    answer = ask(client, idea, name="Blumen Berg")

    assert answer.url == idea.get_public_url()
    assert OutgoingMail.objects.get().to == "frau@laden.example"
    assert voices(idea) == 0
    client.get(link())  # a scanner confirms nothing
    assert voices(idea) == 0

    client.post(link(), {"confirm": "1"})
    client.post(link(), {"confirm": "1"})
    page = client.get(idea.get_public_url())

    assert page.context["voices"] == voices(idea) == 1
    assert "Blumen Berg" not in page.content.decode()


def test_a_voice_is_withdrawn_with_the_same_link_and_its_address_deleted(client, idea):
    ask(client, idea)
    client.post(link(), {"confirm": "1"})

    client.get(link())
    assert voices(idea) == 1
    client.post(link(), {"withdraw": "1"})

    assert list(Supporter.objects.all()) == []
    assert client.get(link()).status_code == 404


@pytest.mark.parametrize(
    "other",
    ["Frau@Laden.Example", "frau+zentrum@laden.example", " frau@laden.example "],
)
def test_two_spellings_are_one_person(client, idea, other):
    ask(client, idea)
    client.post(link(), {"confirm": "1"})

    ask(client, idea, other)

    assert Supporter.objects.count() == 1
    assert OutgoingMail.objects.count() == 1


def test_spellings_of_an_address():
    same = {"a.berg@googlemail.com", "ABerg@gmail.com", "aberg+x@gmail.com"}

    assert {person_of(address) for address in same} == {"aberg@gmail.com"}
    assert person_of("a@bäcker.example") == person_of("A@xn--bcker-gra.example")
    assert person_of("a.berg@laden.example") != person_of("aberg@laden.example")
    assert person_of("+x@laden.example") == "+x@laden.example"


def test_the_database_keeps_one_voice_per_person(idea):
    SupporterFactory(idea=idea, email="a@example.org")

    with pytest.raises(IntegrityError):
        SupporterFactory(idea=idea, email="A+b@example.org")


@pytest.mark.django_db(transaction=True)
def test_asking_at_once_makes_one_voice_and_one_mail(idea):
    def send():
        supporting.ask(idea, email="frau@laden.example", name="", language="de")

    assert run_at_once(send) == [None] * 4
    assert (Supporter.objects.count(), OutgoingMail.objects.count()) == (1, 1)


def test_a_trap_is_told_the_same_and_leaves_nothing(client, idea):
    answer = ask(client, idea, extra_subject="Kauf mich")

    assert answer.url == idea.get_public_url()
    assert list(Supporter.objects.all()) == []


def test_machines_are_held_off(client, idea, monkeypatch):
    assert ask(client, idea, shown="gefälscht").context["form"].non_field_errors()
    monkeypatch.setattr(guarding, "FASTEST_SECONDS", 2)
    assert ask(client, idea).context["form"].non_field_errors()
    monkeypatch.setattr(guarding, "FASTEST_SECONDS", -1)
    monkeypatch.setattr(guarding, "MOST_AN_HOUR", 2)
    answers = [ask(client, idea, f"f{n}@laden.example") for n in range(3)]

    assert [answer.status_code for answer in answers] == [302, 302, 200]
    assert Supporter.objects.count() == 2


@pytest.mark.parametrize("email", ["", "keine", "a@b", "x" * 400 + "@example.org", "a\0@b.de"])
def test_a_wrong_address_is_explained(client, idea, email):
    assert ask(client, idea, email).context["form"].errors.keys() == {"email"}


def test_a_decided_idea_takes_no_voices(client, idea):
    idea.state, idea.reason = "declined", "Zu teuer"
    idea.save()

    assert ask(client, idea).context["form"].non_field_errors()
    assert "unterstuetzen" not in client.get(idea.get_public_url()).content.decode()


def test_an_idea_that_is_not_public_has_no_voices(client):
    assert ask(client, IdeaFactory()).status_code == 404


@pytest.mark.parametrize("signed", ["x", "x.y", "0" * 40, "y" * 3000])
def test_a_forged_link_is_not_found(client, signed):
    assert client.post(reverse("projects:idea_support", args=[signed])).status_code == 404


def test_voices_go_along_when_ideas_are_merged(client, idea):
    target = IdeaFactory(centre=idea.centre)
    SupporterFactory(idea=idea, email="a@example.org")
    SupporterFactory(idea=idea, email="b@example.org")
    SupporterFactory(idea=idea, email="c@example.org", confirmed_at=None)
    both = SupporterFactory(idea=target, email="B@example.org", confirmed_at=None)

    services.move_idea(idea, to="merged", by=UserFactory(), reason="Gleich", merged_into=target)

    assert voices(target) == 2
    client.post(both.get_link(), {"withdraw": "1"})
    assert [voices(target), voices(idea)] == [1, 1]


def test_unconfirmed_addresses_are_forgotten(idea):
    _old, new, kept = (SupporterFactory(idea=idea, confirmed_at=None) for _ in range(3))
    Supporter.objects.exclude(pk=new.pk).update(created_at=timezone.now() - timedelta(days=31))
    supporting.confirm(kept)

    assert supporting.forget_unconfirmed(timezone.now()) == 1
    assert set(Supporter.objects.all()) == {new, kept}


def test_the_office_reads_who_supports_and_the_city_does_not(client, sign_in, idea):
    SupporterFactory(idea=idea, email="a@example.org", name="Blumen Berg")
    sign_in(Role.DESK, centre=idea.centre)
    assert "Blumen Berg" in client.get(idea.get_absolute_url()).content.decode()

    sign_in(Role.CITY, centre=idea.centre)
    page = client.get(idea.get_absolute_url()).content.decode()
    assert "Blumen Berg" not in page
    assert "a@example.org" not in page


@pytest.mark.parametrize("count", [1, 30])
def test_pages_need_the_same_queries_for_any_number(
    client, sign_in, idea, django_assert_max_num_queries, count
):
    for _ in range(count):
        SupporterFactory(idea=idea)
    with django_assert_max_num_queries(5):
        client.get(idea.get_public_url())
    sign_in(Role.MANAGER, centre=idea.centre)
    with django_assert_max_num_queries(13):
        client.get(idea.get_absolute_url())

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from actors.duplicates import finding, services, tasks
from actors.models import Actor, Candidate
from tests.concurrency import run_at_once
from tests.factories.actors import (
    ActorFactory,
    AddressFactory,
    EmailAddressFactory,
    PhoneNumberFactory,
)
from tests.factories.office import CentreFactory, UserFactory
from zentrum.local.benchmarks import duplicates as benchmark
from zentrum.local.benchmarks.loading import Office, load_actors


def shop(name, *, street="", email="", phone="", at=(None, None), **values):
    actor = ActorFactory(name=name, **values)
    if street or at[0]:
        AddressFactory(actor=actor, street=street, latitude=at[0], longitude=at[1])
    if email:
        EmailAddressFactory(actor=actor, email=email)
    if phone:
        PhoneNumberFactory(actor=actor, number=phone)
    return actor


@pytest.fixture
def centre(db):
    return CentreFactory()


def found():
    return {
        (c.first.name, c.second.name): c.score >= 50
        for c in Candidate.objects.select_related("first", "second")
    }


def test_each_shared_thing_finds_a_pair(centre):
    pairs = [
        (
            shop("Bäckerei Mehl", email="Info@mehl.example", centre=centre),
            shop("Baeckerei Mehl GmbH", email="info@mehl.example", centre=centre),
        ),
        (
            shop("Salon Haargenau", phone="030 / 12 34 56", centre=centre),
            shop("Friseur Haargenau", phone="+49 30 123456", centre=centre),
        ),
        (
            shop("Lupe", website="https://www.lupe.example/x", centre=centre),
            shop("Lupe", website="http://lupe.example", centre=centre),
        ),
        (
            shop("Optik Meier", street="Marktplatz 3", centre=centre),
            shop("Optik Maier", street="Marktpl. 3", centre=centre),
        ),
        (
            shop("Feinkost Oliveto", at=(52.5200, 13.3400), centre=centre),
            shop("Oliveto Feinkost", at=(52.5203, 13.3402), centre=centre),
        ),
    ]

    finding.find()

    assert found() == {(one.name, two.name): True for one, two in pairs}


def test_look_alikes_are_not_proposed(centre):
    website = "https://sauber.example"
    shop("Drogerie Sauber", street="Marktplatz 3", website=website, centre=centre)
    shop("Drogerie Sauber", street="Bahnhofstraße 9", website=website, centre=centre)
    for name in ("Dr. Perlmann", "Dr. Kern"):
        shop(f"Praxis {name}", street="Am Anger 4", phone="030 123456", centre=centre)
    for name in ("Optik Meier", "Optik Bauer"):
        shop(name, street="Lindenstraße 7", centre=centre)
    for given in ("Petra", "Peter", ""):
        person = {"kind": Actor.Kind.PERSON, "given_name": given, "centre": centre}
        shop("Müller", street="Mühlgasse 1", phone="030 999999", **person)

    finding.find()

    assert not any(found().values())


def test_same_name_without_anything_else_is_shown_apart(centre):
    shop("Heimatverein Birkenfurt", centre=centre, legal_form="e. V.")
    shop("Birkenfurt Heimatverein", centre=centre)

    finding.find()

    assert list(found().values()) == [False]


def test_what_many_share_says_nothing(centre):
    for number in range(11):
        shop(f"Laden Nord {'abcdefghijklm'[number] * 4}", phone="030 115115", centre=centre)
    shop("Lupe", phone="030 115115", centre=centre)
    shop("Lupe", phone="030 115115", centre=centre)

    finding.find()

    assert not any(found().values())


def test_archived_actors_are_not_looked_at(centre):
    shop("Lupe", email="a@lupe.example", centre=centre)
    shop("Lupe", email="a@lupe.example", centre=centre, archived_at=timezone.now())

    assert finding.find() == 0


def pair_of(centre):
    return [shop("Lupe", email="a@lupe.example", centre=centre) for _number in range(2)]


def test_second_run_changes_nothing(centre):
    pair_of(centre)

    counts = [finding.find(), finding.find()]

    assert (counts, Candidate.objects.count()) == ([1, 1], 1)


def test_not_the_same_stays_away(centre):
    pair_of(centre)
    finding.find()
    services.reject(Candidate.objects.get(), by=UserFactory())

    tasks.find_duplicates()

    candidate = Candidate.objects.get()
    assert candidate.decided_at is not None
    assert Candidate.objects.open().count() == 0


def test_pair_that_is_no_longer_alike_goes(centre):
    first, _second = pair_of(centre)
    finding.find()
    Actor.objects.filter(pk=first.pk).update(name="Brille")

    finding.find()

    assert Candidate.objects.count() == 0


def test_changed_actor_changes_the_reasons(centre):
    first, second = pair_of(centre)
    finding.find()
    Candidate.objects.update(updated_at=timezone.now() - timedelta(days=1))
    for actor in (first, second):
        PhoneNumberFactory(actor=actor, number="030 123456")

    finding.find()

    assert [r["field"] for r in Candidate.objects.get().reasons] == ["name", "email", "phone"]


@pytest.mark.django_db(transaction=True)
def test_runs_at_once_do_the_work_once(monkeypatch):
    pair_of(CentreFactory())
    monkeypatch.setattr(finding, "_forget", lambda _moment: _pause())

    counts = run_at_once(finding.find, times=2)

    assert sorted(counts) == [0, 1]
    assert Candidate.objects.count() == 1


def _pause():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.5)")


def test_benchmark_finds_what_it_planted(centre, monkeypatch):
    people = UserFactory()
    office = Office(people, people, [people.pk], [centre.pk], centre.carrier_id)
    monkeypatch.setattr("zentrum.local.benchmarks.loading.execute", _without_sectors())
    load_actors(office, 400)

    assert benchmark.seconds() > 0
    assert (Actor.objects.count(), Candidate.objects.count()) == (400, 0)


def _without_sectors():
    """The sectors of a new database begin at 1; those of the tests do not."""
    execute = benchmark.fill.__globals__["execute"]
    return lambda sql: None if "actor_sectors" in sql else execute(sql)

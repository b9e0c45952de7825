"""The Auskunft: asked for on a page, put together by a job, downloaded, removed after a week."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from actors.models import Disclosure
from actors.privacy import packing, planning, preparing, services, tasks
from actors.privacy.disclosing import disclose
from contacts.followups.ticking import tick
from tests.actors.privacy.world import plant
from tests.concurrency import meet_before, run_at_once, run_beside_locked
from tests.factories.actors import (
    ActorFactory,
    EmailAddressFactory,
    PhoneNumberFactory,
    RelationFactory,
)
from tests.factories.contacts import CaseFactory, MessageFactory
from tests.factories.office import CentreFactory, MandateFactory, UserFactory
from zentrum.accounts.roles import Role
from zentrum.files.models import StoredFile

pytestmark = pytest.mark.django_db
KINDS = {
    "actors.actor",
    "actors.actornote",
    "actors.address",
    "actors.emailaddress",
    "actors.expertise",
    "actors.phonenumber",
    "actors.relation",
    "actors.visit",
    "contacts.case",
    "contacts.message",
    "files.storedfile",
    "former",
    "mail.outgoingmail",
    "projects.idea",
    "projects.participant",
}


@pytest.fixture
def centre(sign_in):
    centre = CentreFactory()
    sign_in(Role.MANAGER, centre=centre)
    return centre


def asked(actor, **fields):
    row = Disclosure.objects.create(actor=actor, by=UserFactory())
    Disclosure.objects.filter(pk=row.pk).update(**fields)
    return row


def made(actor):
    row = asked(actor)
    preparing.put_together(row.pk)
    row.refresh_from_db()
    return row


def page(name, row):
    return reverse(f"actors:{name}", args=[row.pk])


def former(actor):
    rows = disclose(actor).sections[-1].rows
    return [tuple(row.values.values())[:3] for row in rows]


def test_auskunft_is_asked_for_put_together_by_the_job_and_downloaded(
    client, centre, django_capture_on_commit_callbacks, monkeypatch
):
    queued = []
    monkeypatch.setattr(tasks.put_together_disclosure, "delay", queued.append)
    person = plant(centre)
    other = ActorFactory(kind="person", given_name="Otto", name="Sauerampfer", centre=centre)
    MessageFactory(case=person.cases.get(), text="Otto Sauerampfer hat geholfen.")
    address = page("disclosure", person)
    client.get(address)
    assert not Disclosure.objects.exists()

    with django_capture_on_commit_callbacks(execute=True):
        answers = [client.post(address) for _ in "12"]

    row = Disclosure.objects.get()
    assert [answer.url for answer in answers] == [row.get_absolute_url()] * 2
    assert queued == [row.pk]
    assert "data-progress" in client.get(row.get_absolute_url()).content.decode()
    assert client.get(page("disclosure_progress", row)).get("HX-Refresh") is None
    assert client.post(page("disclosure_download", row)).status_code == 404

    tasks.put_together_disclosure(row.pk)

    assert client.get(page("disclosure_progress", row))["HX-Refresh"] == "true"
    shown = client.get(row.get_absolute_url())
    assert [title for title, _row in shown.context["flagged"]] == ["Nachrichten"]
    content = b"".join(client.post(page("disclosure_download", row)).streaming_content)
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.namelist() == ["auskunft.json", "auskunft.pdf"]
    assert archive.read("auskunft.pdf").startswith(b"%PDF")
    text = archive.read("auskunft.json").decode()
    told = json.loads(text)["sections"]
    assert other.name not in text
    assert [r.get("names_another_person") for r in told["contacts.message"]][-1] is True
    assert told.keys() >= KINDS
    row.refresh_from_db()
    assert row.counts["contacts.case"] == 1
    assert row.steps_done == row.steps_total > len(KINDS)
    assert row.handed_out_by == shown.context["user"]


def test_long_auskunft_comes_in_several_documents_that_have_each_row_once(centre, monkeypatch):
    monkeypatch.setattr(packing, "LONGEST_PDF", 300)
    rows = [packing.Row({"Text": f"Nachricht {number}: {'x' * 90}"}) for number in range(10)]
    sections = [packing.Section("contacts.case"), packing.Section("contacts.message", rows)]
    set_in = []
    monkeypatch.setattr(packing, "pdf", lambda _template, data: set_in.append(data) or b"%PDF")

    content = packing.Disclosed(ActorFactory(centre=centre), sections, timezone.now()).as_zip()

    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert names == ["auskunft.json", *(f"auskunft-{number}.pdf" for number in (1, 2, 3, 4))]
    shown = [row for data in set_in for section in data["sections"] for row in section["rows"]]
    assert shown == [[["Text", row.values["Text"]]] for row in rows]
    assert "Teil 4 von 4" in set_in[-1]["title"]


def test_first_download_is_noted_and_a_later_one_changes_nothing(client, centre, sign_in):
    row = made(ActorFactory(centre=centre))
    client.post(page("disclosure_download", row)).getvalue()
    row.refresh_from_db()
    first = (row.handed_out_at, row.handed_out_by)

    sign_in(Role.DEPUTY, centre=centre)
    client.post(page("disclosure_download", row)).getvalue()

    row.refresh_from_db()
    assert (row.handed_out_at, row.handed_out_by) == first


PAGES = ["disclosure_detail", "disclosure_progress", "disclosure_download"]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("role", "status"), [(Role.DESK, 403), (Role.CITY, 403)])
def test_auskunft_is_for_those_who_lead(client, sign_in, centre, name, role, status):
    row = made(ActorFactory(centre=centre))
    sign_in(role, centre=centre)

    assert client.post(page(name, row)).status_code == status


@pytest.mark.parametrize("name", PAGES)
def test_auskunft_of_another_centre_does_not_exist(client, centre, name):
    assert client.post(page(name, made(ActorFactory()))).status_code == 404


def test_desk_of_one_centre_and_manager_of_another_sees_no_auskunft_of_the_desk(sign_in, centre):
    user = sign_in(Role.MANAGER, centre=centre)
    desk = MandateFactory(user=user, role=Role.DESK).centre

    asked(ActorFactory(centre=desk))
    mine = asked(ActorFactory(centre=centre))

    assert list(Disclosure.objects.visible_to(user)) == [mine]


def test_job_run_twice_makes_one_file():
    row = made(ActorFactory())

    preparing.put_together(row.pk)

    assert (StoredFile.objects.count(), Disclosure.objects.get().tries) == (1, 1)


def test_worker_that_is_at_it_is_left_alone_and_one_that_died_is_replaced():
    row = asked(ActorFactory(), claimed_at=timezone.now() - timedelta(minutes=4), tries=1)
    preparing.put_together(row.pk)
    assert not StoredFile.objects.exists()
    assert preparing.waiting_ids(timezone.now()) == []

    later = timezone.now() - timedelta(minutes=6)
    Disclosure.objects.update(claimed_at=later)
    assert preparing.waiting_ids(timezone.now()) == [row.pk]
    preparing.put_together(row.pk)

    row.refresh_from_db()
    assert (row.state, row.tries) == ("ready", 2)


def test_tick_queues_what_a_lost_queue_forgot(monkeypatch, django_capture_on_commit_callbacks):
    queued = []
    monkeypatch.setattr(tasks.put_together_disclosure, "delay", queued.append)
    asked(ActorFactory())
    lost = asked(ActorFactory(), at=timezone.now() - timedelta(minutes=6))

    with django_capture_on_commit_callbacks(execute=True):
        counts = tick()

    assert (queued, counts["disclosures"]) == ([lost.pk], 1)


def test_job_that_fails_three_times_says_so_and_a_new_one_may_be_asked_for(
    client, centre, monkeypatch
):
    actor = ActorFactory(centre=centre)
    row = asked(actor)
    with monkeypatch.context() as broken:
        broken.setattr("actors.privacy.packing.pdf", lambda *args: 1 / 0)
        for _ in range(preparing.MOST_TRIES):
            with pytest.raises(ZeroDivisionError):
                preparing.put_together(row.pk)

    preparing.put_together(row.pk)

    row.refresh_from_db()
    assert (row.state, row.tries) == ("failed", preparing.MOST_TRIES)
    assert row.error in client.get(row.get_absolute_url()).content.decode()
    assert client.post(page("disclosure", actor)).url != row.get_absolute_url()


def test_progress_is_seen_while_the_job_runs(monkeypatch):
    row, seen = asked(ActorFactory()), []
    note = preparing._note_progress

    def noted(pk, done, total):
        note(pk, done, total)
        seen.append(Disclosure.objects.values_list("steps_done", "steps_total").get(pk=pk))

    monkeypatch.setattr(preparing, "_note_progress", noted)
    preparing.put_together(row.pk)

    assert seen == [(number, len(seen) + 1) for number in range(1, len(seen) + 1)]


def test_file_is_removed_after_a_week_and_the_record_stays():
    young, old = made(ActorFactory()), made(ActorFactory())
    path = Path(old.file.content.path)
    week = timezone.now() - preparing.KEPT_FOR
    Disclosure.objects.filter(pk=young.pk).update(finished_at=week + timedelta(minutes=1))
    Disclosure.objects.filter(pk=old.pk).update(finished_at=week - timedelta(minutes=1))

    assert (preparing.remove_old(), preparing.remove_old()) == (1, 0)

    states = Disclosure.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["ready", "removed"]
    assert StoredFile.objects.get() == young.file
    assert path.exists()  # until the transaction of this test would be committed


def test_erasure_takes_the_files_along(centre):
    person = plant(centre)
    row = made(person)
    planned = planning.plan(person)
    assert row.file_id in planned.files

    services.erase_actor(
        person,
        by=UserFactory(),
        name=str(person),
        reason="Antrag",
        fingerprint=planned.fingerprint,
        is_offered=True,
    )

    assert not StoredFile.objects.filter(pk=row.file_id).exists()
    assert not Disclosure.objects.exists()


def test_actor_erased_while_its_file_was_made_leaves_no_file(monkeypatch):
    actor = ActorFactory()
    row = asked(actor)
    told = preparing.disclose

    def erased(*args, **options):
        found = told(*args, **options)
        Disclosure.objects.all().delete()
        return found

    monkeypatch.setattr(preparing, "disclose", erased)
    preparing.put_together(row.pk)

    assert not StoredFile.objects.exists()


def test_worker_that_comes_second_at_the_end_leaves_the_file_of_the_first(monkeypatch):
    row, told, calls = asked(ActorFactory()), preparing.disclose, []

    def overtaken(*args, **options):
        calls.append(args)
        if len(calls) == 1:
            Disclosure.objects.update(claimed_at=timezone.now() - timedelta(minutes=6))
            preparing.put_together(row.pk)
        return told(*args, **options)

    monkeypatch.setattr(preparing, "disclose", overtaken)
    preparing.put_together(row.pk)

    assert (len(calls), StoredFile.objects.count()) == (2, 1)


@pytest.mark.parametrize("fields", [{"state": "ready"}, {"state": "removed", "is_filled": True}])
def test_database_keeps_a_file_exactly_while_it_is_ready(fields):
    row = made(ActorFactory()) if fields.pop("is_filled", False) else asked(ActorFactory())

    with pytest.raises(IntegrityError, match="disclosure_file_while_ready"):
        Disclosure.objects.filter(pk=row.pk).update(**fields)


@pytest.mark.django_db(transaction=True)
def test_auskunft_asked_for_at_once_is_one(monkeypatch):
    actor, user = ActorFactory(), UserFactory()
    meet_before(monkeypatch, Disclosure.objects, "create")

    rows = run_at_once(lambda: services.ask_disclosure(actor, by=user), times=2)

    assert [row.pk for row in rows] == [Disclosure.objects.get().pk] * 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_file(monkeypatch):
    row, told, calls = asked(ActorFactory()), preparing.disclose, []
    meet_before(monkeypatch, Disclosure, "save")

    def counted(*args, **options):
        calls.append(args)
        return told(*args, **options)

    monkeypatch.setattr(preparing, "disclose", counted)
    run_at_once(lambda: preparing.put_together(row.pk), times=2)

    assert (len(calls), StoredFile.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_claim_and_removal_do_not_wait_for_a_locked_row():
    row, old = asked(ActorFactory()), made(ActorFactory())
    Disclosure.objects.filter(pk=old.pk).update(finished_at=timezone.now() - timedelta(days=8))
    everything = Disclosure.objects.all()

    assert run_beside_locked(everything, lambda: preparing._claim(row.pk)) is None
    assert run_beside_locked(everything, preparing.remove_old) == 0


@pytest.mark.django_db(transaction=True)
def test_content_of_a_removed_file_leaves_the_storage():
    row = made(ActorFactory())
    path = Path(row.file.content.path)
    Disclosure.objects.update(finished_at=timezone.now() - timedelta(days=8))

    preparing.remove_old()

    assert not path.exists()


def test_former_values_say_what_stood_here_until_when():
    actor = ActorFactory(kind="person", given_name="Eva", name="Kühn")
    email = EmailAddressFactory(actor=actor, email="alt@example.org")
    phone = PhoneNumberFactory(actor=actor, number="030 1234567")
    assert former(actor) == []

    actor.name = "Kühn-Lang"
    actor.save()
    email.email = "neu@example.org"
    email.save()
    phone.delete()

    assert former(actor) == [
        ("Akteur", "Name", "Kühn"),
        ("E-Mail-Adresse", "E-Mail-Adresse", "alt@example.org"),
        ("Telefonnummer", "Telefon", "030 1234567"),
    ]
    rows = disclose(actor).sections[-1].rows
    assert [list(row.values)[3] for row in rows] == ["geändert am", "geändert am", "entfernt am"]


def test_former_values_name_neither_the_office_nor_another_person():
    actor = ActorFactory(kind="person", given_name="Eva", name="Kühn")
    friend = ActorFactory(kind="person", given_name="Otto", name="Sauerampfer")
    shop = ActorFactory(name="Laden Lang")
    case = CaseFactory(actor=actor, owner=UserFactory(name="Frau Amt"), subject="Alt")
    relation = RelationFactory(actor=actor, other=friend, function="Kollegin")
    relation.other, relation.function = shop, "Chefin"
    relation.save()
    case.owner, case.subject = UserFactory(name="Herr Amt"), "Neu"
    case.save()
    relation.delete()

    values = {value for _kind, _field, value in former(actor)}

    assert values == {
        "Alt",
        "Kollegin",
        "Chefin",
        "arbeitet für",
        "eine andere Person",
        "Laden Lang",
    }


@pytest.mark.parametrize("number", [1, 4])
def test_auskunft_needs_the_same_queries_for_any_number_of_rows(
    number, django_assert_max_num_queries
):
    actor = ActorFactory(kind="person", given_name="Eva", name="Kühn")
    other = ActorFactory()
    for count in range(number):
        case = CaseFactory(actor=actor, subject="Alt")
        MessageFactory(case=case)
        case.subject = "Neu"
        case.save()
        relation = RelationFactory(actor=actor, other=other, function=f"{count}")
        relation.function = f"Neu {count}"
        relation.save()
    disclose(actor)

    with django_assert_max_num_queries(101):
        disclose(actor)

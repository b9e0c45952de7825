import pytest
from django.core.exceptions import ValidationError

from actors.models import Actor, EmailAddress, Erasure, PhoneNumber
from actors.privacy import erasing, planning, services
from contacts.models import Case, SearchDocument
from tests.actors.privacy.world import WORDS, places_naming, plant
from tests.concurrency import meet_before, run_at_once
from tests.factories.actors import ActorFactory, EmailAddressFactory, PhoneNumberFactory
from tests.factories.contacts import CaseFactory, MessageFactory
from tests.factories.office import CentreFactory, UserFactory
from zentrum.files.models import StoredFile
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return CentreFactory()


def erase(actor, **changes):
    given = {
        "by": UserFactory(),
        "name": str(actor),
        "reason": "Antrag vom 3. Mai",
        "fingerprint": planning.plan(Actor.objects.get(pk=actor.pk)).fingerprint,
        "is_offered": True,
    }
    return services.erase_actor(actor, **given | changes)


def test_erased_person_stands_in_no_table_of_the_database(centre):
    person = plant(centre)
    assert len(places_naming(WORDS)) > 60

    erase(person, reason="Antrag von Frau Quittenbaum, vq@quitten.example")

    assert places_naming(WORDS) == set()


def test_matters_stay_without_their_person(centre):
    person = plant(centre)

    erasure = erase(person)

    case = Case.objects.get(subject__startswith="Bank vor")
    assert (case.sender_name, case.sender_email, case.sender_phone) == (
        erasing.placeholder(),
        "",
        "",
    )
    assert [m.kind for m in case.messages.all()] == ["incoming", "outgoing", "note"]
    assert (case.actor.given_name, case.actor.name) == ("", case.sender_name)
    assert case.actor.archived_at is not None
    assert case.sender_name.split()[-1].lower() in SearchDocument.objects.get(case=case).text
    assert erasure.counts["deleted"]["actors.emailaddress"] == 1
    assert erasure.counts["anonymised"]["contacts.case"] == 1


def test_files_go_from_the_storage_after_commit(centre, django_capture_on_commit_callbacks):
    person = plant(centre)
    contents = [file.content for file in StoredFile.objects.all()]
    assert [content.storage.exists(content.name) for content in contents] == [True, True]

    with django_capture_on_commit_callbacks(execute=True):
        erase(person)

    assert [content.storage.exists(content.name) for content in contents] == [False, False]


def test_others_keep_what_is_theirs(centre):
    person = plant(centre)
    shop = ActorFactory(name="Quittenbaum Moden", centre=centre)
    EmailAddressFactory(actor=shop, email="info@moden.example")
    EmailAddressFactory(actor=person, email="info@moden.example")
    PhoneNumberFactory(actor=shop, number="03371 99 88 77")
    case = CaseFactory(actor=shop, sender_email="info@moden.example", sender_name="Moden")
    MessageFactory(case=case, text="Wir von Quittenbaum Moden fragen: Tel. 03371 99 88 77")

    erase(person)

    case.refresh_from_db()
    assert (case.sender_email, case.sender_name) == ("info@moden.example", "Moden")
    assert case.messages.get().text == "Wir von Quittenbaum Moden fragen: Tel. 03371 99 88 77"
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["info@moden.example"]
    assert list(PhoneNumber.objects.values_list("number", flat=True)) == ["03371 99 88 77"]
    shop.refresh_from_db()
    assert shop.name == "Quittenbaum Moden"


def test_actor_without_matters_goes_altogether(centre):
    person = ActorFactory(kind="person", name="Kurz", given_name="Anna", centre=centre)

    erasure = erase(person)

    assert not Actor.objects.exists()
    assert (erasure.centre, erasure.reason) == (centre, "Antrag vom 3. Mai")


def test_mention_that_means_somebody_else_is_kept(centre):
    person = ActorFactory(kind="person", name="Kurz", given_name="Anna", centre=centre)
    kept, replaced = (MessageFactory(text="Anna Kurz war da") for _number in range(2))

    erase(person, keep=[f"contacts.message:{kept.pk}"])

    kept.refresh_from_db()
    replaced.refresh_from_db()
    assert kept.text == "Anna Kurz war da"
    assert "Kurz" not in replaced.text


@pytest.mark.parametrize("kind", ["person", "organisation"])
def test_name_that_somebody_else_has_too_stays_in_the_texts_of_others(centre, kind):
    names = {"kind": kind, "name": "Kurz", "given_name": "Anna" if kind == "person" else ""}
    actor, _namesake = ActorFactory(centre=centre, **names), ActorFactory(centre=centre, **names)
    message = MessageFactory(text="Anna Kurz war da, Kurz liefert.")

    erase(actor)

    message.refresh_from_db()
    assert message.text == "Anna Kurz war da, Kurz liefert."


def test_unsent_mail_to_an_erased_person_is_given_up(centre):
    person = plant(centre)

    erase(person)

    answer = OutgoingMail.objects.get(message__isnull=False)
    assert (answer.to, answer.text, answer.given_up_at is None) == ("", "", False)
    assert OutgoingMail.objects.due().filter(to="").count() == 0


def test_copies_of_an_answer_to_an_erased_person_are_wiped_too(centre):
    person = plant(centre)
    answer = OutgoingMail.objects.get(message__isnull=False)
    named = {"to_header": "vq@quitten.example, amt@example.org", "message_id": answer.message_id}
    fields = {"to": "amt@example.org", "text": "Frau Quittenbaum fragt", "copy_of": answer}
    copy = OutgoingMail.objects.create(key=f"{answer.key}#2", **named, **fields)

    erase(person)

    copy.refresh_from_db()
    assert (copy.to, copy.text, copy.to_header, copy.state) == ("", "", "", "given_up")


REFUSED = [
    ({"name": "Veronika"}, "name"),
    ({"is_offered": False}, "is_offered"),
    ({"fingerprint": "anders"}, "__all__"),
]


@pytest.mark.parametrize(("change", "field"), REFUSED)
def test_erasure_is_refused_and_nothing_is_lost(centre, change, field):
    person = plant(centre)
    before = places_naming(WORDS)

    with pytest.raises(ValidationError) as refusal:
        erase(person, **change)

    assert list(getattr(refusal.value, "error_dict", {"__all__": 1})) == [field]
    assert places_naming(WORDS) == before
    assert not Erasure.objects.exists()


def test_erasure_is_refused_when_something_happened_in_between(centre):
    person = plant(centre)
    fingerprint = planning.plan(person).fingerprint
    MessageFactory(case=person.cases.get(), text="Noch etwas")

    with pytest.raises(ValidationError) as refusal:
        erase(person, fingerprint=fingerprint)

    assert refusal.value.code == "stale"


@pytest.mark.parametrize("kind", ["body", "merged"])
def test_body_and_merged_actor_are_refused(centre, kind):
    person = plant(centre)
    actor = ActorFactory(kind="body") if kind == "body" else person.merged_actors.get()

    with pytest.raises(ValidationError):
        erase(actor)

    assert Actor.objects.filter(pk=actor.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_one_of_two_erasures_at_once_wins(centre, monkeypatch):
    meet_before(monkeypatch, erasing, "execute")
    person = ActorFactory(kind="person", name="Kurz", given_name="Anna", centre=centre)
    CaseFactory(actor=person, centre=centre)
    user, fingerprint = UserFactory(), planning.plan(person).fingerprint

    results = run_at_once(lambda: erase(person, by=user, fingerprint=fingerprint), times=2)

    assert [type(result) for result in results].count(Erasure) == 1
    assert Erasure.objects.count() == 1

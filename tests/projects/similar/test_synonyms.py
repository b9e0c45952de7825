"""The words that mean the same: what the list takes, who keeps it, what a second person sees."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from projects.models import Synonym, SynonymGroup
from projects.similar import services
from projects.similar.words import key_of
from tests.concurrency import meet_before, run_at_once
from tests.factories.office import CentreFactory, UserFactory
from tests.projects.bad_input import NUMBERS, TEXTS
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db
LIST = reverse("projects:synonym_list")
NEW = reverse("projects:synonym_create")


@pytest.fixture
def manager(sign_in):
    return sign_in(Role.MANAGER, centre=CentreFactory())


def group(*words):
    made = SynonymGroup()
    services.keep_words(made, list(words), by=UserFactory())
    return made


def words():
    return sorted(Synonym.objects.values_list("word", flat=True))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bank", "Bänke"),
        ("Bank", "BAENKE"),
        ("Mülleimer", "Muelleimern"),
        ("Radweg", "Radwege"),
        ("Rad", "Räder"),
        ("Apotheke", "Apotheken"),
        ("Abfallkorb", "Abfallkörben"),
        ("Straße", "Strassen"),
        ("E-Bike", "Ebikes"),
        ("Haus", "Häuser"),
        ("Baum", "Bäume"),
        ("Geschäft", "Geschäfts"),
        ("Station", "Stationen"),
        ("Fahrradbügel", "Fahrradbügeln"),
        ("Theater", "Theaters"),
    ],
)
def test_forms_of_a_word_are_one(one, other):
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Bank", "Band"), ("Haus", "Hau"), ("Rad", "Rat"), ("Weg", "Wege-Netz")]
)
def test_different_words_stay_apart(one, other):
    assert key_of(one) != key_of(other)


def test_words_are_kept_once_in_the_order_they_were_written():
    kept = group("Sitzbank", "Bank", "Bänke", "Sitzgelegenheit")

    assert str(SynonymGroup.objects.get(pk=kept.pk)) == "Sitzbank, Bank, Sitzgelegenheit"


@pytest.mark.parametrize("few", [[], ["Bank"], ["Bank", "Bänke"]])
def test_one_word_alone_is_no_group(few):
    with pytest.raises(ValidationError, match="zwei Wörter"):
        group(*few)

    assert words() == []


def test_a_word_stands_in_one_group_only():
    group("Sitzbank", "Bank")

    with pytest.raises(ValidationError, match="Sitzbank, Bank"):
        group("Geldinstitut", "Bänke")

    assert words() == ["Bank", "Sitzbank"]


@pytest.mark.django_db(transaction=True)
def test_two_people_write_the_same_word_at_once():
    by = UserFactory()

    def write(number):
        services.keep_words(SynonymGroup(), ["Bank", f"Sitz{number}x"], by=by)

    numbers = iter(range(4))
    results = run_at_once(lambda: write(next(numbers)), times=4)

    refused = [error for error in results if isinstance(error, ValidationError)]
    assert len(refused) == 3
    assert SynonymGroup.objects.count() == 1


def test_the_page_adds_changes_and_removes(client, manager):
    client.post(NEW, {"words": "Radweg\r\nFahrradweg, Radspur"})
    made = SynonymGroup.objects.get()
    assert str(made) == "Radweg, Fahrradweg, Radspur"
    assert "Radweg, Fahrradweg, Radspur" in client.get(LIST).content.decode()

    page = client.get(made.get_absolute_url())
    assert page.context["form"]["words"].value() == "Radweg\nFahrradweg\nRadspur"

    answer = client.post(made.get_absolute_url(), {"words": "Radweg\nVeloweg", "version": "0"})
    assert answer.url == LIST
    assert words() == ["Radweg", "Veloweg"]

    client.post(reverse("projects:synonym_remove", args=[made.pk]))
    assert (words(), SynonymGroup.objects.count()) == ([], 0)


def test_the_slower_of_two_people_sees_what_the_other_saved(client, manager):
    made = group("Bank", "Sitzbank")
    client.post(made.get_absolute_url(), {"words": "Bank\nSitzplatz", "version": "0"})

    slower = client.post(made.get_absolute_url(), {"words": "Bank\nHocker", "version": "0"})

    assert words() == ["Bank", "Sitzplatz"]
    assert slower.context["form"].theirs == [("Wörter, die dasselbe meinen", "Bank\nSitzplatz")]
    assert "Hocker" in slower.content.decode()
    client.post(made.get_absolute_url(), {"words": "Bank\nHocker", "version": "1"})
    assert words() == ["Bank", "Hocker"]


def test_a_refused_form_keeps_its_words_and_says_how_to_mend(client, manager):
    group("Bank", "Sitzbank")

    taken = client.post(NEW, {"words": "Geldhaus\nBank"})
    spaced = client.post(NEW, {"words": "Bank zum Sitzen\nStuhl"})

    assert taken.context["form"].errors == {
        "words": [
            "„Bank“ steht schon in dieser Gruppe: Bank, Sitzbank. Bitte ergänzen Sie sie dort."
        ]
    }
    assert "Geldhaus" in taken.content.decode()
    assert spaced.context["form"].errors == {
        "words": ["„Bank zum Sitzen“ ist kein einzelnes Wort: bitte ein Wort je Zeile."]
    }


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_no_text_breaks_the_form(client, manager, text):
    response = client.post(NEW, {"words": f"{text}\nBank"})

    assert response.status_code in (200, 302)


@pytest.mark.parametrize("number", NUMBERS)
def test_no_version_breaks_the_form(client, manager, number):
    made = group("Bank", "Sitzbank")

    response = client.post(made.get_absolute_url(), {"words": "A1\nB2", "version": number})

    assert response.status_code in (200, 302)


@pytest.mark.parametrize("role", [Role.DESK, Role.CITY, Role.BODY_MEMBER, Role.TECHNICAL])
def test_only_manager_and_deputy_keep_the_words(client, sign_in, role):
    sign_in(role, centre=CentreFactory())

    assert client.get(LIST).status_code == 403
    assert client.post(NEW, {"words": "Bank\nStuhl"}).status_code == 403


def test_the_history_says_who_changed_the_words(client, manager):
    client.post(NEW, {"words": "Bank\nStuhl"})

    event = SynonymGroup.objects.get().events.get()
    assert event.pgh_context.metadata["user"] == manager.pk


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_needs_the_same_queries_for_any_length(
    client, manager, django_assert_num_queries, count
):
    for number in range(count):
        group(f"Eins{number}x", f"Zwei{number}x")

    with django_assert_num_queries(7):
        response = client.get(LIST)

    assert len(response.context["object_list"]) == count


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_save_at_once_one_sees_the_other(monkeypatch):
    made, by = group("Bank", "Sitzbank"), UserFactory()

    def save(number):
        row = SynonymGroup.objects.get(pk=made.pk)
        services.keep_words(row, ["Bank", f"Sitz{number}x"], by=by, version=0)

    meet_before(monkeypatch, SynonymGroup, "save")
    numbers = iter(range(2))
    results = run_at_once(lambda: save(next(numbers)), times=2)

    refused = [error for error in results if isinstance(error, ValidationError)]
    assert [error.code for error in refused] == ["stale"]
    assert Synonym.objects.count() == 2

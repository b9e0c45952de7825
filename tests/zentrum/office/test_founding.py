import pytest
from django.core.management import CommandError, call_command

from tests.factories.office import CarrierFactory, CentreFactory
from zentrum.accounts.models import User
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail
from zentrum.office.models import Carrier, Centre, Mandate, Town

pytestmark = pytest.mark.django_db
FOUND = {
    "town": "Musterstadt",
    "land": "HE",
    "carrier": "Stadt Musterstadt",
    "centre": "Altstadt",
    "manager": "Chefin@Musterstadt.de",
}


def found(**changes):
    call_command("found", *(f"--{name}={value}" for name, value in (FOUND | changes).items()))


def test_a_town_is_founded_and_a_second_run_changes_nothing():
    found()
    found()

    assert Town.objects.get().land == "HE"
    assert (Carrier.objects.count(), Centre.objects.count(), Mandate.objects.count()) == (1, 1, 1)
    manager = User.objects.get()
    assert (manager.email, manager.roles) == ("chefin@musterstadt.de", {Role.MANAGER})
    assert OutgoingMail.objects.get().to == "chefin@musterstadt.de"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"land": "XX"}, "--land"),
        ({"manager": "niemand"}, "E-Mail"),
        ({"town": "x" * 200}, "100"),
        ({"town": " "}, "leer"),
    ],
)
def test_a_malformed_value_founds_nothing(changes, words):
    with pytest.raises(CommandError, match=words):
        found(**changes)

    assert not Town.objects.exists()
    assert not User.objects.exists()


def test_another_town_is_refused():
    found()

    with pytest.raises(CommandError, match="already serves Musterstadt"):
        found(town="Anderswo")


def test_a_person_is_appointed_once(capsys):
    centre = CentreFactory(slug="altstadt", carrier=CarrierFactory(name="Büro"))
    arguments = ["b@example.org", "--name=Ben", "--role=desk", "--carrier=Büro"]
    arguments += ["--centre=altstadt", "--from=2026-01-01", "--to=2126-12-31"]

    call_command("appoint", *arguments)
    call_command("appoint", *arguments)

    mandate = Mandate.objects.get()
    assert (mandate.user.name, mandate.role, mandate.centre) == ("Ben", Role.DESK, centre)
    assert "/konto/password/reset/key/" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("--carrier=Nie", "Carriers: Büro"),
        ("--centre=nie", "Centres: altstadt"),
        ("--role=king", "invalid choice"),
        ("--to=2020-13-01", "is no day"),
        ("--to=2020-01-01", "Ende|end"),
    ],
)
def test_a_malformed_appointment_is_explained(change, words):
    CentreFactory(slug="altstadt", carrier=CarrierFactory(name="Büro"))
    arguments = ["b@example.org", "--name=Ben", "--role=desk", "--carrier=Büro"]

    with pytest.raises(CommandError, match=words):
        call_command("appoint", *arguments, change)

    assert not User.objects.exists()

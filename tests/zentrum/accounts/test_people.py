from datetime import date

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.urls import reverse

from tests.factories.office import CarrierFactory, CentreFactory, MandateFactory, UserFactory
from zentrum.accounts.models import User
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail
from zentrum.office.models import Mandate

pytestmark = pytest.mark.django_db
LIST_URL = reverse("accounts:user_list")


@pytest.fixture
def technician(sign_in):
    return sign_in(Role.TECHNICAL, user=UserFactory(name="Zoe Technik"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_people_needs_the_same_queries_for_any_length(
    client, technician, django_assert_num_queries, count
):
    MandateFactory.create_batch(count)

    with django_assert_num_queries(7):
        response = client.get(LIST_URL)

    assert len(response.context["object_list"]) == count + 1


@pytest.mark.parametrize("words", ["ANNA", "anna@", "\u202e", "%", "'"])
def test_people_are_found_by_name_or_address(client, technician, words):
    UserFactory(name="Anna Özdemir", email="anna@example.org")

    response = client.get(LIST_URL, {"q": words})

    expected = ["Anna Özdemir"] if "nna" in words.lower() else []
    assert [user.name for user in response.context["object_list"]] == expected


@pytest.mark.parametrize("role", [role for role in Role if role != Role.TECHNICAL])
def test_nobody_else_sees_people(client, sign_in, role):
    sign_in(role)

    assert client.get(LIST_URL).status_code == 403


@pytest.mark.parametrize(
    "name", ["contacts:case_list", "actors:actor_list", "projects:idea_list", "mail:outgoing_list"]
)
def test_the_technical_administrator_sees_no_content(client, technician, name):
    assert client.get(reverse(name)).status_code == 403


def test_a_new_person_gets_a_link_by_mail(client, technician):
    response = client.post(
        reverse("accounts:user_create"), {"name": "Ben", "email": "Ben@Example.org", "phone": ""}
    )

    person = User.objects.get(email="ben@example.org")
    assert response.url == reverse("accounts:user_detail", args=[person.pk])
    assert not person.has_usable_password()
    assert OutgoingMail.objects.get().to == "ben@example.org"


@pytest.mark.parametrize(
    ("email", "name"),
    [("anna@EXAMPLE.org", "Anna"), ("kein", "Anna"), ("a@b.de", "\x00"), ("a@b.de", "x" * 200)],
)
def test_a_wrong_person_is_explained_and_the_input_kept(client, technician, email, name):
    UserFactory(email="anna@example.org")

    response = client.post(reverse("accounts:user_create"), {"name": name, "email": email})

    assert response.status_code == 200
    assert response.context["form"].errors
    assert response.context["form"]["email"].value() == email


def test_a_changed_address_ends_the_old_one(client, technician):
    person = UserFactory(email="alt@example.org")
    EmailAddress.objects.create(user=person, email="alt@example.org", verified=True, primary=True)

    client.post(
        reverse("accounts:user_update", args=[person.pk]),
        {"name": "Neu", "email": "neu@example.org", "is_active": "on"},
    )

    person.refresh_from_db()
    assert (person.name, person.email) == ("Neu", "neu@example.org")
    assert not EmailAddress.objects.exists()


def test_a_person_is_deactivated_and_signed_out_but_not_oneself(client, technician):
    values = {"name": "Anna", "email": "anna@example.org"}
    person = UserFactory(**values)
    client.post(reverse("accounts:user_update", args=[person.pk]), values)
    person.refresh_from_db()
    assert not person.is_active

    url = reverse("accounts:user_update", args=[technician.pk])
    response = client.post(url, {"name": technician.name, "email": technician.email})
    assert list(response.context["form"].errors) == ["is_active"]


def test_a_session_ends_when_the_person_is_deactivated(client, sign_in):
    person = sign_in(Role.TECHNICAL)
    User.objects.filter(pk=person.pk).update(is_active=False)

    assert client.get(LIST_URL).url.startswith(reverse("account_login"))


def test_a_mandate_is_given(client, technician):
    person, carrier = UserFactory(), CarrierFactory()

    response = client.post(
        reverse("office:mandate_create", args=[person.pk]),
        {"role": Role.DESK, "carrier": carrier.pk, "centre": "", "starts_on": "2026-11-01"},
    )

    assert response.url == reverse("accounts:user_detail", args=[person.pk])
    mandate = person.mandates.get()
    assert (mandate.role, mandate.carrier, mandate.centre, mandate.ends_on) == (
        Role.DESK,
        carrier,
        None,
        None,
    )


def test_a_mandate_cannot_end_before_it_starts(client, technician):
    mandate = MandateFactory(starts_on=date(2026, 1, 1))
    given = {"role": Role.DESK, "carrier": mandate.carrier.pk, "starts_on": "2026-02-01"}

    created = client.post(
        reverse("office:mandate_create", args=[mandate.user.pk]), given | {"ends_on": "2026-01-01"}
    )
    ended = client.post(reverse("office:mandate_end", args=[mandate.pk]), {"ends_on": "2025-12-31"})

    assert created.context["form"].errors
    assert list(ended.context["form"].errors) == ["ends_on"]
    assert Mandate.objects.filter(user=mandate.user).count() == 1


def test_access_ends_with_the_mandate_and_the_data_stay(client, technician, sign_in):
    mandate = MandateFactory(role=Role.TECHNICAL, starts_on=date(2026, 1, 1))
    client.post(reverse("office:mandate_end", args=[mandate.pk]), {"ends_on": "2026-11-30"})

    with time_machine.travel("2026-11-30 12:00+01:00", tick=True):
        assert User.objects.get(pk=mandate.user.pk).has_perm("accounts.view_user")
    with time_machine.travel("2026-12-01 00:01+01:00", tick=True):
        assert not User.objects.get(pk=mandate.user.pk).has_perm("accounts.view_user")
    assert Mandate.objects.filter(pk=mandate.pk).exists()


def test_nobody_ends_their_own_mandate(client, technician):
    mandate = technician.mandates.get()

    response = client.post(
        reverse("office:mandate_end", args=[mandate.pk]), {"ends_on": "2026-11-30"}
    )

    assert response.status_code == 200
    mandate.refresh_from_db()
    assert mandate.ends_on is None


def test_the_page_of_a_person_shows_former_and_future_mandates(client, technician):
    person = UserFactory()
    centre = CentreFactory()
    MandateFactory(user=person, centre=centre, ends_on=date(2020, 12, 31))
    MandateFactory(user=person, centre=None, carrier=centre.carrier)

    response = client.get(reverse("accounts:user_detail", args=[person.pk]))

    assert len(response.context["person"].mandates.all()) == 2
    client.post(reverse("accounts:user_invite", args=[person.pk]))
    assert OutgoingMail.objects.get().to == person.email

"""Answer templates and signatures: who keeps them, who uses them, what is filled in."""

from datetime import time

import pytest
from django.urls import reverse

from contacts.cases import services
from contacts.cases.wording import EXPLAINED, FILLED, fill
from contacts.models import AnswerTemplate, ReplyDraft, Signature
from tests.factories.contacts import CaseFactory
from tests.factories.office import CarrierFactory, CentreFactory
from zentrum.accounts.roles import Role
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
LIST = reverse("contacts:wording_list")
NEW = reverse("contacts:template_create")


@pytest.fixture
def centre():
    return CentreFactory(address="Markt 1")


@pytest.fixture
def manager(sign_in, centre):
    return sign_in(Role.MANAGER, centre=centre, carrier=centre.carrier)


def template(carrier, name="Danke", text="Guten Tag {Name},\nIhr Vorgang {Vorgang}."):
    return AnswerTemplate.objects.create(carrier=carrier, name=name, text=text)


def case_of(centre, owner, **fields):
    fields = {"sender_name": "Frau Sommer", "sender_email": "laden@example.org"} | fields
    return CaseFactory(centre=centre, carrier=centre.carrier, owner=owner, **fields)


def test_every_placeholder_is_filled_and_explained(centre, manager):
    centre.office_hours.create(weekday=0, opens_at=time(9), closes_at=time(13))
    case = case_of(centre, manager)

    text = fill(" | ".join(f"{{{name}}}" for name in FILLED), case, manager)

    assert EXPLAINED.keys() == FILLED.keys()
    assert "{" not in text
    for word in ("Frau Sommer", case.reference, case.code, "09:00–13:00", "Markt 1", manager.name):
        assert word in text


def test_a_missing_name_leaves_no_gap(centre, manager):
    case = case_of(centre, manager, sender_name="")

    assert fill("Guten Tag {Name},\nbis bald", case, manager) == "Guten Tag,\nbis bald"


def test_a_template_is_put_below_what_was_typed(client, centre, manager):
    case, chosen = case_of(centre, manager), template(centre.carrier)
    url = reverse("contacts:reply_wording", args=[case.pk])
    typed = {"reply-text": "Guten Morgen!", "reply-to": "amt@example.org", "reply-version": 0}

    offered = client.post(url, typed, follow=True)
    assert list(offered.context["wording"]) == [chosen]
    response = client.post(url, typed | {"template": chosen.pk}, follow=True)

    form = response.context["reply_form"]
    expected = f"Guten Morgen!\n\nGuten Tag Frau Sommer,\nIhr Vorgang {case.reference}."
    assert (form["text"].value(), form["to"].value()) == (expected, "amt@example.org")


@pytest.mark.parametrize("choice", ["0", "x", "9" * 30, "-1"])
def test_a_template_that_is_none_is_not_found(client, centre, manager, choice):
    case = case_of(centre, manager)
    url = reverse("contacts:reply_wording", args=[case.pk])

    assert client.post(url, {"template": choice}).status_code == 404


def test_templates_of_another_carrier_are_neither_offered_nor_taken(client, centre, manager):
    case, theirs = case_of(centre, manager), template(CarrierFactory())
    url = reverse("contacts:reply_wording", args=[case.pk])

    assert client.post(url, {}, follow=True).context["wording"] == []
    assert client.post(url, {"template": theirs.pk}).status_code == 404
    assert list(client.get(LIST).context["object_list"]) == []
    for name in ("template_update", "template_remove"):
        address = reverse(f"contacts:{name}", args=[theirs.pk])
        assert client.post(address).status_code == 404


def test_a_manager_writes_a_template_once(client, centre, manager):
    data = {"carrier": centre.carrier.pk, "name": "Danke", "text": "Danke, {Name}!"}

    assert client.post(NEW, data).url == LIST
    again = client.post(NEW, data)

    assert again.status_code == 200
    assert AnswerTemplate.objects.get().text == "Danke, {Name}!"


def test_a_manager_cannot_write_for_another_carrier(client, manager):
    data = {"carrier": CarrierFactory().pk, "name": "Danke", "text": "Danke"}

    page = client.post(NEW, data)

    assert list(page.context["form"].errors) == ["carrier"]
    assert page.context["form"].errors["carrier"][0] in page.text


def test_an_unknown_placeholder_is_refused_with_the_possible_ones(client, centre, manager):
    data = {"carrier": centre.carrier.pk, "name": "Danke", "text": "Danke, {Vorname}!"}

    [error] = client.post(NEW, data).context["form"].errors["text"]

    assert "{Vorname}" in error
    assert "{Name}" in error


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_needs_the_same_queries_for_any_length(
    client, centre, manager, django_assert_num_queries, count
):
    for number in range(count):
        template(centre.carrier, name=f"Text {number}")

    with django_assert_num_queries(7):
        assert len(client.get(LIST).context["object_list"]) == count


def test_desk_staff_use_templates_and_do_not_change_them(client, sign_in, centre):
    user = sign_in(Role.DESK, centre=centre, carrier=centre.carrier)
    chosen, case = template(centre.carrier), case_of(centre, user)

    assert client.get(LIST).status_code == 403
    client.post(reverse("contacts:reply_wording", args=[case.pk]), {"template": chosen.pk})

    assert ReplyDraft.objects.get().text.startswith("Guten Tag Frau Sommer")


def test_the_signature_of_the_carrier_closes_its_mails(client, centre, manager):
    url = reverse("contacts:signature_update", args=[centre.carrier.pk])
    for text in ("Ihr Büro", "Ihr Büro am Markt\r\nTel. 030 1"):
        assert client.post(url, {"text": text}).url == LIST
    other = Signature.objects.create(carrier=CarrierFactory(), text="Fremd").carrier
    assert client.get(reverse("contacts:signature_update", args=[other.pk])).status_code == 404
    case = case_of(centre, manager)

    services.reply(case, author=manager, text="Gern.", version=case.version)

    assert OutgoingMail.objects.get().text.endswith("-- \nIhr Büro am Markt\nTel. 030 1\n")


def test_without_a_signature_the_office_signs(centre, manager):
    case = case_of(centre, manager)

    services.reply(case, author=manager, text="Gern.", version=case.version)

    assert "-- \nZentrenmanagement" in OutgoingMail.objects.get().text

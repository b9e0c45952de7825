"""Who stands in for an absent colleague sees and answers that colleague's cases, for that time."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from contacts.cases import services
from contacts.models import Attachment, Case, Message
from tests.factories.contacts import CaseFactory, MessageFactory
from tests.factories.office import CentreFactory, MandateFactory, UserFactory
from zentrum.accounts.models import User
from zentrum.accounts.roles import Role
from zentrum.files import services as files
from zentrum.office.models import Absence

DAY = timedelta(days=1)
LIST = reverse("contacts:case_list")
SEARCH = reverse("portal:search")


@pytest.fixture
def manager(db):
    return MandateFactory(role=Role.MANAGER)


@pytest.fixture
def case(manager):
    return CaseFactory(
        centre=manager.centre,
        owner=manager.user,
        subject="Fahrradbügel",
        sender_email="eis@example.org",
        reply_by=timezone.localdate() + 2 * DAY,
    )


def away(user, deputy, *, first=0, last=0):
    today = timezone.localdate()
    return Absence.objects.create(
        user=user, deputy=deputy, starts_on=today + first * DAY, ends_on=today + last * DAY
    )


def seen_by(user):
    return list(Case.objects.visible_to(User.objects.get(pk=user.pk)).order_by("pk"))


def shown(client, case, attachment):
    """In which channels the signed-in person meets the case."""
    addresses = [case.get_absolute_url(), reverse("contacts:case_attachment", args=[attachment.pk])]
    return [
        case in client.get(LIST).context["page"].object_list,
        case in client.get(LIST, {"q": "Fahrradbügel"}).context["page"].object_list,
        case.reference in client.get(SEARCH, {"q": "Fahrradbügel"}).content.decode(),
        *(opens(client, address) for address in addresses),
    ]


def opens(client, address):
    response = client.get(address)
    return response.status_code == 200 and bool(response.getvalue())


@pytest.mark.parametrize("elsewhere", [False, True])
def test_deputy_meets_the_case_everywhere_while_the_owner_is_away(
    client, sign_in, manager, case, elsewhere
):
    """Desk staff for the manager, at the same centre or at another one of the same carrier."""
    centre = CentreFactory(carrier=manager.carrier) if elsewhere else manager.centre
    stored = files.store(SimpleUploadedFile("a.txt", b"a"))
    attachment = Attachment.objects.create(message=MessageFactory(case=case), file=stored)
    desk = sign_in(Role.DESK, centre=centre, carrier=manager.carrier)
    assert shown(client, case, attachment) == [False] * 5

    absence = away(manager.user, desk)
    assert shown(client, case, attachment) == [True] * 5
    today = client.get(reverse("contacts:today")).context
    assert [section.cases for section in today["sections"]] == [[case]]
    assert today["stands_in_for"] == [manager.user]

    absence.delete()
    away(manager.user, desk, first=-5, last=-1)
    assert shown(client, case, attachment) == [False] * 5


def test_deputy_answers_in_the_owners_place(client, sign_in, manager, case):
    desk = sign_in(Role.DESK, centre=manager.centre)
    url = reverse("contacts:case_reply", args=[case.pk])
    answer = {"reply-version": 0, "reply-text": "Kommt im Mai.", "reply-then": "keep"}
    assert client.post(url, answer).status_code == 404

    away(manager.user, desk)
    assert client.post(url, answer).url == case.get_absolute_url()

    message = Message.objects.get(kind=Message.Kind.OUTGOING)
    assert (message.author, message.text) == (desk, "Kommt im Mai.")
    case.refresh_from_db()
    assert case.owner == manager.user


def test_deputy_sees_the_absent_persons_own_cases_only(manager, case):
    desk = MandateFactory(role=Role.DESK, centre=manager.centre).user
    CaseFactory(centre=manager.centre)
    CaseFactory(owner=manager.user)  # of a carrier the manager works for no more
    own = CaseFactory(centre=manager.centre, owner=desk)
    away(manager.user, desk)

    assert seen_by(desk) == [case, own]


def test_last_in_the_chain_of_deputies_sees_the_case(manager, case):
    first, last = (MandateFactory(role=Role.DESK, centre=manager.centre).user for _ in range(2))
    away(manager.user, first)
    away(first, last)

    assert (seen_by(first), seen_by(last)) == ([], [case])


@pytest.mark.parametrize(("first", "last"), [(-3, -1), (1, 3)])
def test_nothing_is_seen_before_and_after_the_absence(manager, case, first, last):
    desk = MandateFactory(role=Role.DESK, centre=manager.centre).user
    away(manager.user, desk, first=first, last=last)

    assert seen_by(desk) == []


def test_carriers_keep_their_own_files_also_during_an_absence(manager, case):
    stranger = MandateFactory(
        role=Role.MANAGER, centre=manager.centre, carrier=CentreFactory().carrier
    )
    away(manager.user, stranger.user)

    assert seen_by(stranger.user) == []


@pytest.mark.parametrize("role", [None, Role.CITY, Role.BODY_MEMBER, Role.TECHNICAL])
def test_deputy_without_a_mandate_at_the_desk_sees_nothing(manager, case, role):
    deputy = UserFactory()
    if role:
        MandateFactory(user=deputy, role=role, centre=manager.centre)
    away(manager.user, deputy)

    assert seen_by(deputy) == []


def test_cases_of_somebody_who_left_are_not_seen_by_the_deputy(manager, case):
    desk = MandateFactory(role=Role.DESK, centre=manager.centre).user
    away(manager.user, desk)
    User.objects.filter(pk=manager.user.pk).update(is_active=False)

    assert seen_by(desk) == []


def test_case_handed_over_meanwhile_goes_with_its_new_owner(manager, case):
    desk, other = (MandateFactory(role=Role.DESK, centre=manager.centre).user for _ in range(2))
    away(manager.user, desk)

    services.hand_over(case, to=other, by=manager.user, version=0)

    assert (seen_by(desk), seen_by(other)) == ([], [case])


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_a_deputy_needs_the_same_queries_for_any_number_of_colleagues(
    client, sign_in, manager, case, django_assert_num_queries, count
):
    desk = sign_in(Role.DESK, centre=manager.centre)
    away(manager.user, desk)
    for _ in range(count - 1):
        colleague = MandateFactory(role=Role.DESK, centre=manager.centre).user
        CaseFactory(centre=manager.centre, owner=colleague)
        away(colleague, desk)

    with django_assert_num_queries(11):
        response = client.get(LIST)

    assert len(response.context["page"].object_list) == count

"""Who sees which rows, on every channel: the matrix of docs/roles.md.

Three desks: ours (our carrier, our centre), theirs (another carrier, our centre) and elsewhere.
"""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from actors.models import LetterTemplate
from contacts.models import IncomingMail, Mailbox
from projects.models import Idea
from tests.factories.actors import ActorFactory, AddressFactory, RetentionProposalFactory
from tests.factories.contacts import (
    CaseFactory,
    ConsultationFactory,
    FollowUpFactory,
    MessageFactory,
)
from tests.factories.office import CarrierFactory, CentreFactory
from tests.factories.premises import SpaceRequestFactory, UnitFactory, WalkFactory
from tests.factories.projects import (
    BookingFactory,
    CommentFactory,
    IdeaFactory,
    IndicatorFactory,
    ProgrammeFactory,
    ProjectFactory,
)
from zentrum.accounts.roles import Role
from zentrum.files.services import store
from zentrum.mail.models import OutgoingMail

pytestmark = pytest.mark.django_db
DESKS = ("ours", "theirs", "elsewhere")
CLOSED = "closed"
OURS, BOTH, THEIRS, NONE = {"ours"}, {"ours", "theirs"}, {"theirs"}, set()

# What each role sees of each kind; CLOSED: the whole page is refused.
SEES = {
    "case": {Role.MANAGER: OURS, Role.DEPUTY: OURS, Role.DESK: NONE},
    "consultation": {Role.MANAGER: OURS, Role.DEPUTY: OURS, Role.DESK: NONE},
    "actor": {Role.MANAGER: BOTH, Role.DEPUTY: BOTH, Role.DESK: BOTH},
    "unit": {Role.MANAGER: BOTH, Role.DEPUTY: BOTH, Role.DESK: BOTH},
    "seeker": {Role.MANAGER: BOTH, Role.DEPUTY: BOTH, Role.DESK: BOTH},
    "walk": {Role.MANAGER: BOTH, Role.DEPUTY: BOTH, Role.DESK: BOTH},
    "idea": {
        Role.MANAGER: OURS,
        Role.DEPUTY: OURS,
        Role.DESK: OURS,
        Role.CITY: BOTH,
        Role.BODY_MEMBER: THEIRS,
    },
    "comment": {Role.MANAGER: OURS, Role.DEPUTY: OURS},
    "project": {
        Role.MANAGER: OURS,
        Role.DEPUTY: OURS,
        Role.DESK: OURS,
        Role.CITY: BOTH,
        Role.BODY_MEMBER: THEIRS,
    },
    "programme": {
        Role.MANAGER: BOTH,
        Role.DEPUTY: BOTH,
        Role.DESK: BOTH,
        Role.CITY: BOTH,
        Role.BODY_MEMBER: BOTH,
    },
    "money": {Role.MANAGER: OURS, Role.DEPUTY: OURS, Role.CITY: BOTH},
    "mail": {Role.MANAGER: OURS, Role.DEPUTY: OURS},
    "incoming": {Role.MANAGER: OURS, Role.DEPUTY: OURS},
    "mailbox": {Role.MANAGER: OURS, Role.DEPUTY: OURS},
    "follow_up": {Role.MANAGER: OURS, Role.DEPUTY: OURS, Role.DESK: NONE},
    "proposal": {Role.MANAGER: BOTH, Role.DEPUTY: BOTH},
    "letter": {Role.MANAGER: BOTH, Role.DEPUTY: BOTH},
}
LISTS = [
    ("case", "contacts:case_list", ""),
    ("case", "contacts:case_list", "?q=kastanie"),
    ("case", "portal:search", "?q=kastanie"),
    ("case", "portal:search", "?q=kastnaie"),
    ("consultation", "contacts:consultation_list", ""),
    ("consultation", "contacts:consultation_list", "?q=kastanie"),
    ("consultation", "portal:search", "?q=kastanie"),
    ("consultation", "portal:search", "?q=kastnaie"),
    ("actor", "actors:actor_list", ""),
    ("actor", "actors:actor_list", "?q=kastanie"),
    ("actor", "actors:actor_choices", "?q=kastanie"),
    ("actor", "actors:actor_geojson", ""),
    ("actor", "actors:care_radar", ""),
    ("actor", "actors:care_radar", "?q=kastanie"),
    ("actor", "actors:care_geojson", ""),
    ("actor", "actors:network", "?alone=on"),
    ("actor", "actors:network_data", "?alone=on"),
    ("actor", "portal:search", "?q=kastanie"),
    ("actor", "portal:search", "?q=kastnaie"),
    ("unit", "actors:unit_list", ""),
    ("unit", "actors:unit_list", "?q=kastanie"),
    ("unit", "portal:search", "?q=kastanie"),
    ("unit", "portal:search", "?q=kastnaie"),
    ("unit", "actors:unit_geojson", ""),
    ("unit", "actors:vacancy_rate", ""),
    ("seeker", "actors:space_request_list", ""),
    ("walk", "actors:walk_list", ""),
    ("idea", "projects:idea_list", ""),
    ("idea", "projects:idea_list", "?q=kastanie"),
    ("idea", "portal:search", "?q=kastanie"),
    ("idea", "portal:search", "?q=kastnaie"),
    ("comment", "projects:comment_list", ""),
    ("project", "projects:project_list", ""),
    ("project", "projects:project_list", "?q=kastanie"),
    ("project", "projects:project_board", ""),
    ("project", "projects:project_board", "?q=kastanie"),
    ("project", "portal:search", "?q=kastanie"),
    ("project", "portal:search", "?q=kastnaie"),
    ("programme", "projects:programme_list", ""),
    ("programme", "projects:indicator_list", ""),
    ("programme", "projects:indicator_list", "?q=kastanie"),
    ("money", "projects:finance_overview", ""),
    ("money", "projects:finance_overview", "?q=kastanie"),
    ("money", "projects:booking_list", ""),
    ("money", "projects:booking_list", "?q=kastanie"),
    ("mail", "mail:outgoing_list", ""),
    ("incoming", "contacts:mail_list", ""),
    ("incoming", "contacts:mail_list", "?show=all"),
    ("mailbox", "contacts:mailbox_list", ""),
    ("letter", "actors:letter_template_list", ""),
    ("follow_up", "contacts:follow_up_list", ""),
    ("proposal", "actors:privacy_overview", ""),
    ("proposal", "actors:proposal_list", ""),
]
DETAILS = {
    "case": "contacts:case_detail",
    "consultation": "contacts:consultation_detail",
    "actor": "actors:actor_detail",
    "unit": "actors:unit_detail",
    "seeker": "actors:space_request_detail",
    "walk": "actors:walk_detail",
    "idea": "projects:idea_detail",
    "comment": "projects:comment_decide",
    "project": "projects:project_detail",
    "programme": "projects:programme_detail",
    "money": "projects:project_finance",
    "mail": "mail:outgoing_detail",
    "follow_up": "contacts:follow_up_update",
}


@pytest.fixture
def world():
    """One row of each kind at each desk; its text says `<kind>-<desk>`."""
    here, elsewhere = CentreFactory(), CentreFactory()
    carriers = [here.carrier, CarrierFactory(), elsewhere.carrier]
    rows = {"centre": here, "carrier": here.carrier}
    for desk, carrier in zip(DESKS, carriers, strict=True):
        centre = elsewhere if desk == "elsewhere" else here
        place = {"centre": centre, "carrier": carrier}
        case = CaseFactory(subject=f"Kastanie case-{desk}", sender_name=f"Absender {desk}", **place)
        MessageFactory(case=case)
        idea = IdeaFactory(title=f"Kastanie idea-{desk}", **place)
        if desk == "theirs":
            Idea.objects.filter(pk=idea.pk).update(state=Idea.State.IN_CONSULTATION)
        actor = ActorFactory(name=f"Kastanie actor-{desk}", centre=centre)
        AddressFactory(actor=actor, latitude=52.5, longitude=13.3)
        seeker = ActorFactory(name=f"Sucht seeker-{desk}", centre=centre)
        mailbox = Mailbox.objects.create(
            name=f"mailbox-{desk}", address=f"{desk}@example.org", **place
        )
        rows |= {
            f"incoming-{desk}": IncomingMail.objects.create(
                mailbox=mailbox,
                fingerprint=desk,
                subject=f"incoming-{desk}",
                action="quarantined",
                reason="no_sender",
            ),
            f"mailbox-{desk}": mailbox,
            f"case-{desk}": case,
            f"consultation-{desk}": ConsultationFactory(
                case=case, name="Amt", subject=f"Kastanie consultation-{desk}"
            ),
            f"actor-{desk}": actor,
            f"unit-{desk}": UnitFactory(
                street=f"Kastanie unit-{desk}",
                owner=ActorFactory(name=f"Eigentum {desk}", centre=centre),
                centre=centre,
            ),
            f"seeker-{desk}": SpaceRequestFactory(actor=seeker, centre=centre),
            f"letter-{desk}": LetterTemplate.objects.create(
                name=f"letter-{desk}",
                centre=centre,
                file=store(SimpleUploadedFile("brief.txt", b"x")),
            ),
            f"walk-{desk}": WalkFactory(street=f"walk-{desk}", centre=centre),
            f"idea-{desk}": idea,
            f"comment-{desk}": CommentFactory(idea=idea, text=f"comment-{desk}"),
            f"project-{desk}": ProjectFactory(
                title=f"Kastanie project-{desk}", is_public=desk == "theirs", **place
            ),
            f"follow_up-{desk}": FollowUpFactory(text=f"follow_up-{desk}", case=case, **place),
            f"money-{desk}": BookingFactory(
                project=ProjectFactory(title=f"Kastanie money-{desk}", **place)
            ).project,
            f"programme-{desk}": IndicatorFactory(
                name=f"Kastanie programme-{desk}",
                goal__programme=ProgrammeFactory(name=f"programme-{desk}", centre=centre),
            ).goal.programme,
            f"proposal-{desk}": RetentionProposalFactory(label=f"proposal-{desk}", centre=centre),
            f"mail-{desk}": OutgoingMail.objects.create(
                key=desk,
                message_id=desk,
                to="a@example.org",
                subject=f"mail-{desk}",
                text="x",
                **place,
            ),
        }
    return rows


def seen(response, kind):
    text = response.content.decode()
    text = text.replace("<mark>", "").replace("</mark>", "")
    return {desk for desk in DESKS if f"{kind}-{desk}" in text}


def enter(sign_in, world, role, **dates):
    return sign_in(role, centre=world["centre"], carrier=world["carrier"], **dates)


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize(("kind", "name", "query"), LISTS)
def test_lists_counts_maps_and_searches_show_only_what_is_theirs(
    client, sign_in, world, role, kind, name, query
):
    enter(sign_in, world, role)
    expected = SEES[kind].get(role, CLOSED)

    response = client.get(reverse(name) + query)

    if name == "portal:search":
        assert seen(response, kind) == (NONE if expected == CLOSED else expected)
    elif expected == CLOSED:
        assert response.status_code == 403
    else:
        assert (response.status_code, seen(response, kind)) == (200, expected)


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("kind", DETAILS)
def test_pages_of_foreign_rows_do_not_exist(client, sign_in, world, role, kind):
    enter(sign_in, world, role)
    expected = SEES[kind].get(role, CLOSED)

    answers = {
        desk: client.get(reverse(DETAILS[kind], args=[world[f"{kind}-{desk}"].pk])).status_code
        for desk in DESKS
    }

    if expected == CLOSED:
        assert answers == dict.fromkeys(DESKS, 403)
    else:
        assert answers == {desk: 200 if desk in expected else 404 for desk in DESKS}


def test_desk_staff_see_the_cases_they_own_or_took_in(client, sign_in, world):
    user = enter(sign_in, world, Role.DESK)
    place = {"centre": world["centre"], "carrier": world["carrier"]}
    CaseFactory(subject="case-ours", owner=user, **place)
    CaseFactory(subject="case-theirs", created_by=user, **place)
    CaseFactory(
        subject="case-elsewhere", owner=user, centre=world["centre"], carrier=CarrierFactory()
    )

    response = client.get(reverse("contacts:case_list"))

    assert seen(response, "case") == {"ours", "theirs"}  # not that of another carrier


@pytest.mark.parametrize("role", Role.values)
def test_access_ends_with_the_mandate(client, sign_in, world, role):
    enter(sign_in, world, role, ends_on=date(2025, 12, 31))

    assert {client.get(reverse(name)).status_code for _, name, _ in LISTS} == {403}


def test_the_city_never_reads_a_sender(client, sign_in, world):
    enter(sign_in, world, Role.CITY)
    url = reverse("portal:dashboard")
    page = client.get(url)
    links = {url, *page.context.get("row_links", [])}

    text = "".join(client.get(link).content.decode() for link in links)

    assert "Absender" not in text
    assert "Kastanie case" not in text


def test_public_pages_show_released_rows_only(client, world):
    pages = [reverse(f"projects:{kind}_public_list") for kind in ("idea", "project")]
    pages += [reverse("portal:start")]

    text = "".join(client.get(page).content.decode() for page in pages)

    assert {word for word in world if word.startswith("idea-") and word in text} == set()
    assert {word for word in world if word.startswith("project-") and word in text} == {
        "project-theirs"
    }

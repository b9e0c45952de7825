"""Three ideas that the office bundled into one; their authors were told and follow the new one."""

from datetime import datetime

import pghistory
from django.db import transaction

from projects.ideas import moving, supporting
from projects.ideas.bundling import text_of
from projects.models import FieldOfAction, Idea, IdeaFollower, Supporter
from zentrum.accounts.roles import Role
from zentrum.local.demo.history import at_hour, take_step
from zentrum.local.demo.idea_roads import FIELDS_OF_ACTION
from zentrum.local.demo.ideas import IDEAS
from zentrum.local.demo.office import Office
from zentrum.local.demo.sending import keep_sent
from zentrum.mail.models import OutgoingMail

TITLE = "Ein Lichtweg durch die Altstadt"
TEXT = (
    "Ein Weg, der am Abend durchgehend hell ist: Leuchten in der Mühlgasse, Lampen an der"
    " Kirchtreppe und Schaufenster in der Lindenstraße, die bis 22 Uhr leuchten."
)
REASON = (
    "Drei Vorschläge wünschen sich Licht am Abend. Zusammen lassen sie sich besser planen und"
    " bezahlen, darum prüfen wir sie gemeinsam weiter."
)


def build_bundle(office: Office, ideas: list[Idea]) -> Idea:
    """What `services.bundle_ideas` does with them, at noon of the last working day."""
    titles = {title for title, _text, _place, state, _reason in IDEAS if state == "bundled"}
    bundled = [idea for idea in ideas if idea.title in titles]
    manager, noon = office.staff[Role.MANAGER], at_hour(office.working_day(-1), 12, 5)
    with pghistory.context(user=manager.pk):
        bundle = _create(office, bundled, noon, number=_next_number(ideas, noon.year))
    take_step(bundle, noon, by=manager, state=Idea.State.IN_REVIEW)
    merged = {"state": Idea.State.MERGED, "reason": REASON, "merged_into": bundle}
    for idea in bundled:
        take_step(idea, noon, by=manager, decided_at=noon, **merged)
        moving.pass_on_followers(idea, bundle)
        supporting.pass_on(idea, bundle)
        keep_sent(_told(idea), noon)
    released_at = at_hour(office.working_day(-1), 12, 40)
    take_step(bundle, released_at, by=manager, released_at=released_at)
    _name_links(bundle, noon)
    return bundle


def _create(office: Office, bundled: list[Idea], at: datetime, *, number: int) -> Idea:
    bundle = Idea.objects.create(
        reference=f"I-{at.year}-{number:04d}",
        title=TITLE,
        text=text_of(bundled),
        public_text=TEXT,
        centre=bundled[0].centre,
        carrier=office.carrier,
        received_on=at.date(),
        author_confirmed_at=at,
        field_of_action=FieldOfAction.objects.get(name=FIELDS_OF_ACTION[2]),
    )
    bundle.goals.set({goal for idea in bundled for goal in idea.goals.all()})
    return bundle


def _next_number(ideas: list[Idea], year: int) -> int:
    return sum(idea.received_on.year == year for idea in ideas) + 1


def _told(idea: Idea) -> list[OutgoingMail]:
    """What those who follow it read; taken back at once, with the order to deliver it."""
    with transaction.atomic():
        moving.tell_followers(idea)
        mails = list(OutgoingMail.objects.filter(key__startswith=f"idea-{idea.pk}-"))
        transaction.set_rollback(True)
    return mails


def _name_links(bundle: Idea, at: datetime) -> None:
    """The links that stop mails and withdraw voices are the same on every run."""
    rows: list[IdeaFollower | Supporter]
    rows = [*bundle.followers.order_by("pk"), *bundle.supporters.order_by("pk")]
    for number, row in enumerate(rows):
        row.token = f"demo-bundle-{number:02d}"
        row.created_at = at
        row.save()

"""One row of each kind that belongs to a desk, and what a request wrote."""

import re
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actors.models import (
    Candidate,
    Disclosure,
    Expertise,
    FieldOfExpertise,
    LetterTemplate,
    Merge,
    Quota,
)
from contacts.models import AnswerTemplate, Attachment, IncomingMail, Mailbox, Submission
from projects.models import Idea
from tests.factories.actors import (
    ActorFactory,
    BodyFactory,
    ConsentFactory,
    ContactPersonFactory,
    EmailAddressFactory,
    HandoverFactory,
    ImportRunFactory,
    RelationFactory,
    RetentionProposalFactory,
    RoundFactory,
    SeatFactory,
    SourceRecordFactory,
    VisitFactory,
)
from tests.factories.contacts import (
    CaseFactory,
    ConsultationFactory,
    FollowUpFactory,
    MessageFactory,
)
from tests.factories.mail import OutgoingMailFactory
from tests.factories.office import MandateFactory
from tests.factories.premises import (
    OccupancyFactory,
    SpaceRequestFactory,
    UnitFactory,
    WalkFactory,
)
from tests.factories.projects import (
    BookingFactory,
    CommentFactory,
    DocumentFactory,
    GoalFactory,
    IdeaFactory,
    IndicatorFactory,
    MilestoneFactory,
    ParticipantFactory,
    ProgrammeFactory,
    ProjectFactory,
    ReadingFactory,
    SiteNoticeFactory,
)
from zentrum.files.services import store, store_made
from zentrum.office.models import Absence, Carrier, Centre, ClosingDay

Rows = dict[str, Any]
# Not at the beginning: the history puts who acts before it.
WRITES = re.compile(r'\b(INSERT INTO|UPDATE|DELETE FROM) "')


def rows_of(centre: Centre, carrier: Carrier) -> Rows:
    place = {"centre": centre, "carrier": carrier}
    days = {"starts_on": timezone.localdate(), "ends_on": timezone.localdate()}
    person = MandateFactory(**place).user
    idea = IdeaFactory(state=Idea.State.ACCEPTED, **place)
    project = ProjectFactory(lead=person, **place)
    actor = ActorFactory(centre=centre)
    file = store(SimpleUploadedFile("a.txt", b"Brief"))
    mail = OutgoingMailFactory(given_up_at=timezone.now(), **place)
    mail.attachments.create(file=file)
    body = BodyFactory(actor__centre=centre)
    case = CaseFactory(owner=person, **place)
    message = MessageFactory(case=case)
    mailbox = Mailbox.objects.create(name=f"Post {case.pk}", address=f"post{case.pk}@a.de", **place)
    said = MessageFactory(case=case, by_mail=True)
    came = {"mailbox": mailbox, "case": case, "message": said, "raw": file}
    IncomingMail.objects.create(fingerprint="said", action="appended", **came)
    street = f"Gasse {project.pk}"  # one survey of a street at a time
    unit = UnitFactory(centre=centre, street=street)
    return {
        "centre": centre,
        "carrier": carrier,
        "person": person,
        "case": case,
        "consultation": ConsultationFactory(case=case),
        "message": message,
        "template": AnswerTemplate.objects.create(
            carrier=carrier, name=f"Baustein {case.pk}", text="Guten Tag {Name}"
        ),
        "attachment": Attachment.objects.create(message=message, file=file),
        "mailbox": mailbox,
        "said": said,
        "held_back": IncomingMail.objects.create(
            mailbox=mailbox,
            fingerprint="x",
            raw=file,
            action="quarantined",
            reason="no_sender",
        ),
        "submission": Submission.objects.create(
            submitted_at=timezone.now(),
            quarantined_at=timezone.now(),
            quarantine_reason="links",
            data={"kind": "idea", "title": "Bank", "text": "Eine", "centre": centre.pk},
        ),
        "follow_up": FollowUpFactory(case=case, assignee=person, repeat="monthly", **place),
        "comment": CommentFactory(idea=idea),
        "idea": idea,
        "project": project,
        "milestone": MilestoneFactory(project=project),
        "participant": ParticipantFactory(project=project, actor=actor),
        "programme": (programme := ProgrammeFactory(centre=centre, document=file)),
        "goal": GoalFactory(programme=programme),
        "document": DocumentFactory(project=project),
        "indicator": (indicator := IndicatorFactory(goal__programme=programme)),
        "reading": ReadingFactory(indicator=indicator, by=person),
        "site_notice": SiteNoticeFactory(project=project),
        "booking": BookingFactory(project=project, by=person),
        "actor": actor,
        "reachable": EmailAddressFactory(actor__centre=centre).actor,
        "twin": (twin := ActorFactory(centre=centre)),
        "candidate": Candidate.objects.create(first=actor, second=twin, score=60),
        "merge": Merge.objects.create(kept=actor, merged=ActorFactory(centre=centre), by=person),
        "consent": ConsentFactory(actor=actor),
        "proposal": RetentionProposalFactory(centre=centre),
        "disclosure": Disclosure.objects.create(
            actor=ActorFactory(centre=centre),
            by=person,
            state="ready",
            finished_at=timezone.now(),
            file=store_made(b"PK", name="auskunft.zip", content_type="application/zip"),
        ),
        "expertise": Expertise.objects.create(
            actor=actor, field=FieldOfExpertise.objects.get_or_create(name="Licht")[0]
        ),
        "relation": RelationFactory(actor=actor, other=ActorFactory(centre=centre)),
        "run": ImportRunFactory(
            centre=centre,
            file=store(SimpleUploadedFile("b.csv", b"Name\nLaden")),
            state="preview",
            counts={"rejected": 0},
        ),
        "letter_template": LetterTemplate.objects.create(
            name=f"Gruß {project.pk}", centre=centre, file=store(SimpleUploadedFile("g.txt", b"x"))
        ),
        "body": body,
        "member": ActorFactory(kind="person", centre=centre),
        "quota": Quota.objects.create(body=body, at_most_percent=49),
        "seat": SeatFactory(body=body),
        "unit": unit,
        "occupancy": OccupancyFactory(unit=unit),
        "walk": WalkFactory(centre=centre, street=street, by=person),
        "space_request": SpaceRequestFactory(centre=centre, actor=actor),
        "contact_person": ContactPersonFactory(
            actor=twin, starts_on=timezone.localdate() + timedelta(days=9)
        ),
        "handover": HandoverFactory(centre=centre),
        "round": (walked := RoundFactory(centre=centre, user=person)),
        "visit": VisitFactory(round=walked, actor=ActorFactory(centre=centre)),
        "lost": SourceRecordFactory(actor=actor, missing_since=timezone.now()),
        "mail": mail,
        "mail_file": file,
        "closing_day": ClosingDay.objects.get_or_create(centre=centre, reason="Umbau", **days)[0],
        "absence": Absence.objects.create(user=person, deputy=MandateFactory(**place).user, **days),
    }


def ask(client: Client, method: str, url: str, data: Any = None) -> tuple[HttpResponse, list[str]]:
    """The answer, and the writing statements that it took."""
    with CaptureQueriesContext(connection) as queries:
        response = getattr(client, method)(url, data or {})
    if response.streaming:
        response.getvalue()  # read to its end, which closes the file
    statements = [query["sql"] for query in queries.captured_queries]
    return response, [sql for sql in statements if WRITES.search(sql)]

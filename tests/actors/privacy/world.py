"""A person who left traces in every table, beside one who must lose nothing."""

from datetime import UTC, date, datetime
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from actors.models import (
    ActorNote,
    Candidate,
    Expertise,
    FieldOfExpertise,
    Handover,
    ImportRow,
    Merge,
    SpaceRequest,
    Unit,
    Visit,
)
from contacts.models import Attachment, Case, Message, ReplyDraft, Submission
from tests.factories.actors import (
    ActorFactory,
    AddressFactory,
    EmailAddressFactory,
    ImportRunFactory,
    PhoneNumberFactory,
    RelationFactory,
    SeatFactory,
    SourceRecordFactory,
)
from tests.factories.contacts import CaseFactory, MessageFactory
from tests.factories.office import UserFactory
from tests.factories.projects import (
    CommentFactory,
    IdeaFactory,
    IdeaFollowerFactory,
    ParticipantFactory,
    ProjectFollowerFactory,
    SupporterFactory,
)
from zentrum.files.services import store
from zentrum.mail.models import OutgoingMail

WORDS = ["quittenbaum", "veronika", "vq@quitten.example", "0000-7781", "00007781", "Käferweg 3"]
COLUMNS = """
    SELECT table_name, column_name FROM information_schema.columns
    JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
    AND (data_type IN ('text', 'character varying', 'jsonb', 'json', 'ARRAY'))
"""


def places_naming(words):
    """Every column of every table of the database in which one of the words stands."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        for table, column in cursor.fetchall():
            for word in words:
                query = f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ILIKE %s'  # noqa: S608 - names of the database itself
                cursor.execute(query, [f"%{word}%"])
                if cursor.fetchone()[0]:
                    found.add(f"{table}.{column}: {word}")
    return found


def mail(key, **fields):
    fields = {"to": "a@example.org", "subject": "Nachricht", "text": "Guten Tag"} | fields
    return OutgoingMail.objects.create(key=key, message_id=uuid4().hex, **fields)


def plant(centre):
    """Veronika Quittenbaum, in every place that may hold her. Returns her row."""
    user = UserFactory(name="Kollege")
    person = ActorFactory(
        kind="person",
        given_name="Veronika",
        name="Quittenbaum",
        centre=centre,
        description="Malerin",
    )
    email = EmailAddressFactory(actor=person, email="vq@quitten.example")
    email.label = "privat"
    email.save()
    PhoneNumberFactory(actor=person, number="03371 0000-7781")
    AddressFactory(actor=person, street="Käferweg 3")
    other = ActorFactory(name="Bäckerei Sommer", centre=centre)
    RelationFactory(actor=person, other=other, function="Inhaberin")
    RelationFactory(actor=other, other=person, kind="represents")
    ActorNote.objects.create(actor=person, author=user, text="Frau Quittenbaum hilft gern.")
    ActorNote.objects.create(actor=other, author=user, text="Veronika Quittenbaum führt den Laden.")
    _plant_network(person, other, user, centre)
    _plant_imports(person)
    _plant_matters(person, user, centre)
    return person


def _plant_network(person, other, user, centre):
    Visit.objects.create(
        actor=person, user=user, visited_at=datetime(2026, 5, 1, tzinfo=UTC), text="Quittenbaum"
    )
    field = FieldOfExpertise.objects.create(name="Malerei")
    Expertise.objects.create(actor=person, field=field, note="Quittenbaum malt")
    SeatFactory(person=person, body__actor__centre=centre)
    SpaceRequest.objects.create(actor=person, centre=centre, note="Atelier für Quittenbaum")
    Unit.objects.create(
        centre=centre,
        street="Torgasse",
        number="1",
        owner=person,
        note="Veronika Quittenbaum fragen",
    )
    handover = Handover.objects.create(
        centre=centre, to_user=user, by=user, on=date(2026, 5, 1), note="vq@quitten.example anrufen"
    )
    handover.actors.add(person, other)
    first, second = sorted([person, other], key=lambda actor: actor.pk)
    Candidate.objects.create(
        first=first, second=second, score=50, reasons=[{"first": "Veronika Quittenbaum"}]
    )
    merged = ActorFactory(
        kind="person",
        name="Quittenbaum",
        given_name="V.",
        centre=centre,
        merged_into=person,
        archived_at=datetime(2026, 5, 1, tzinfo=UTC),
    )
    Merge.objects.create(kept=person, merged=merged, by=user, before={"name": "Quittenbaum"})


def _plant_imports(person):
    run = ImportRunFactory(
        centre=person.centre,
        state="done",
        file=store(SimpleUploadedFile("liste.csv", b"name\nVeronika Quittenbaum\n")),
    )
    values = {"name": "Veronika Quittenbaum", "phone": "0337100007781"}
    SourceRecordFactory(actor=person, external_id="q1", values=values)
    ImportRow.objects.create(
        run=run,
        number=2,
        external_id="q1",
        raw=values,
        values=values,
        action="create",
        actor=person,
    )
    ImportRow.objects.create(
        run=run, number=3, external_id="q1", raw=values, values=values, action="keep"
    )
    ImportRow.objects.create(
        run=run, number=4, external_id="z", raw={"inhaber": "Veronika Quittenbaum"}, action="keep"
    )


def _plant_matters(person, user, centre):
    case = CaseFactory(
        actor=person,
        centre=centre,
        subject="Bank vor Quittenbaum",
        sender_name="Veronika Quittenbaum",
        sender_email="vq@quitten.example",
        sender_phone="+49 3371 0000 7781",
        place="Käferweg 3",
    )
    asked = MessageFactory(case=case, text="Viele Grüße\nVeronika Quittenbaum, 03371/00007781")
    Attachment.objects.create(
        message=asked, file=store(SimpleUploadedFile("bank.txt", b"Quittenbaum"))
    )
    answer = mail(
        "answer", to="vq@quitten.example", subject="Ihre Bank", text="Liebe Frau Quittenbaum"
    )
    Message.objects.create(
        case=case, kind="outgoing", author=user, text="Liebe Frau Quittenbaum", mail=answer
    )
    Message.objects.create(case=case, kind="note", author=user, text="Quittenbaum ruft an")
    ReplyDraft.objects.create(case=case, user=user, text="Sehr geehrte Frau Quittenbaum")
    Submission.objects.create(case=case, data={"name": "Veronika Quittenbaum"})
    Submission.objects.create(data={"email": "VQ@quitten.example", "text": "Entwurf"})
    idea = IdeaFactory(
        title="Bank für Veronika Quittenbaum", text="Ihre Quittenbaum", centre=centre
    )
    Case.objects.filter(pk=case.pk).update(
        idea=idea, state="closed", outcome="adopted", closed_at=case.received_at
    )
    IdeaFollowerFactory(idea=idea, email="vq@quitten.example", name="Quittenbaum", is_author=True)
    ProjectFollowerFactory(
        project__centre=centre, email="VQ@quitten.example", name="Veronika Quittenbaum"
    )
    CommentFactory(idea=idea, email="VQ@quitten.example", name="Veronika Quittenbaum")
    SupporterFactory(idea=idea, email="VQ@quitten.example", name="Malerei Quittenbaum")
    mail("progress-note-7-vq@quitten.example", to="vq@quitten.example")
    mail("digest:vq@quitten.example", text="Heute: Veronika Quittenbaum, Bank")
    other = CaseFactory(centre=centre, sender_name="Jemand", subject="Ohne")
    MessageFactory(
        case=other, text="Die Malerin Veronika  Quittenbaum weiß mehr: vq@quitten.example"
    )
    ParticipantFactory(project__centre=centre, actor=person, function="Entwurf der Bank")

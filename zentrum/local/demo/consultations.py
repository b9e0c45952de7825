"""Other offices that the desk of the demo town asked, and cases that it referred."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from contacts.models import Case, Consultation, Message
from zentrum.local.demo.office import Office

Kind, State = Consultation.Kind, Consultation.State
QUESTION, REFERRAL = Kind.QUESTION, Kind.REFERRAL

# Kind, state, days from today on which it was due, office, subject, address, question, answer.
ASKED: list[tuple[str, str, int, str, str, str, str, str]] = [
    (
        QUESTION,
        State.ANSWERED,
        -3,
        "Ordnungsamt Birkenfurt",
        "Zwei Tische vor dem Laden",
        "ordnungsamt@birkenfurt.example",
        "Vor dem Haus Torgasse 12 sollen zwei Tische stehen. Wie breit muss der Gehweg dort frei bleiben?",
        "Frei bleiben müssen 1,50 Meter, an der Haltestelle 2 Meter. Eine Skizze genügt uns für den Antrag.",
    ),
    (
        QUESTION,
        State.ASKED,
        4,
        "Untere Denkmalschutzbehörde",
        "Beleuchtetes Schild an einem Denkmal",
        "denkmal@landkreis-birkenfurt.example",
        "Darf an der Fassade ein beleuchtetes Schild hängen? Das Haus steht auf der Liste.",
        "",
    ),
    (
        QUESTION,
        State.ASKED,
        -4,
        "Stadtwerke Birkenfurt, Straßenlicht",
        "Reparatur der Straßenleuchten",
        "licht@stadtwerke-birkenfurt.example",
        "Wann ist die Reparatur der Leuchten eingeplant? Dürfen wir den Termin weitersagen?",
        "",
    ),
    (
        REFERRAL,
        State.ASKED,
        6,
        "Wirtschaftsförderung des Landkreises",
        "Beratung zu einer Gründung",
        "gruendung@landkreis-birkenfurt.example",
        "Es geht um eine Gründung außerhalb der Altstadt. Bitte übernehmen Sie die Beratung.",
        "",
    ),
    (
        REFERRAL,
        State.TAKEN_OVER,
        -12,
        "Verbraucherzentrale Birkenfurt",
        "Vertrag mit einem Stromanbieter",
        "beratung@verbraucherzentrale-birkenfurt.example",
        "Es geht um einen Vertrag mit einem Stromanbieter. Bitte übernehmen Sie die Beratung.",
        "Wir übernehmen das gern und rufen noch in dieser Woche an.",
    ),
]


def build_consultations(office: Office, cases: list[Case]) -> None:
    """Each about a case of its own: open ones about open cases, settled ones about closed ones."""
    plain = [case for case in cases if not case.idea_id and case.kind != Case.Kind.IDEA]
    alive = [case for case in plain if case.state == Case.State.OPEN]
    done = [case for case in plain if case.state == Case.State.CLOSED][::-1]
    for kind, state, days, *words in ASKED:
        case = done.pop(0) if state == State.TAKEN_OVER else alive.pop(0)
        _ask(office, case, kind, state, office.working_day(days), words)


def _ask(office: Office, case: Case, kind: str, state: str, due_on: date, words: list[str]) -> None:
    name, subject, email, question, answer = words
    # Taken over before the case was closed; nothing is asked before it came.
    begun = max(_morning(office.working_day((due_on - office.today).days - 7)), case.received_at)
    settled_at = None
    if state == State.TAKEN_OVER:
        begun, settled_at = case.received_at + timedelta(minutes=30), case.closed_at
        due_on = timezone.localdate(settled_at)
    elif state != State.ASKED:
        settled_at = max(_morning(due_on), begun + timedelta(minutes=1))
    asked = _message(case, Message.Kind.QUESTION, begun, question, name, author=case.owner)
    heard = _message(case, Message.Kind.ADVICE, settled_at, answer, name) if answer else None
    row = Consultation.objects.create(
        public_id=UUID(int=office.random.getrandbits(128), version=4),
        kind=kind,
        state=state,
        case=case,
        name=name,
        email=email,
        asked_by=case.owner,
        subject=subject,
        due_on=due_on,
        shares_sender=kind == REFERRAL,
        holds_case=kind == REFERRAL,
        message=asked,
        answer=heard,
        settled_at=settled_at,
    )
    Consultation.objects.filter(pk=row.pk).update(created_at=begun, updated_at=settled_at or begun)
    _move_case(case, row)


def _move_case(case: Case, row: Consultation) -> None:
    if row.state == State.TAKEN_OVER:
        case.outcome = Case.Outcome.REFERRED
        case.outcome_text = f"{row.name} hat das Anliegen übernommen."
    elif row.is_referral:
        case.state, case.waiting_until = Case.State.WAITING, row.due_on
        case.waiting_on = Case.WaitingOn.THIRD_PARTY
        case.waiting_since = timezone.localdate(row.message.created_at)
        case.waiting_for = "die Zusage der Stelle, die übernimmt"
        case.read_at = case.read_at or row.message.created_at
    elif row.answer:
        case.read_at = None
    else:
        case.read_at = case.read_at or row.message.created_at
    case.save()


def _message(case: Case, kind: str, at: datetime | None, text: str, name: str, **more: Any) -> Any:
    message = Message.objects.create(case=case, kind=kind, text=text, partner=name, **more)
    Message.objects.filter(pk=message.pk).update(created_at=at, updated_at=at)
    return Message.objects.get(pk=message.pk)


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9, 30)))

"""How the demo office answers: templates, a signature, one mail to several, one that came back."""

from datetime import timedelta

from contacts.models import AnswerTemplate, Case, Message, Signature
from zentrum.accounts.roles import Role
from zentrum.local.demo.office import Office
from zentrum.mail.models import OutgoingMail
from zentrum.mail.services import message_id

TEMPLATES = {
    "Eingang und Zusage": (
        "Guten Tag {Name},\n\ndanke für Ihre Nachricht. Wir kümmern uns darum und melden uns bis"
        " zum {Zusage}. Ihr Vorgang hat die Nummer {Vorgang}.\n\nHerzliche Grüße"
    ),
    "Rückfrage": (
        "Guten Tag {Name},\n\nzu „{Betreff}“ haben wir noch eine Frage: …\n\nSie erreichen uns"
        " unter {Telefon}."
    ),
    "Einladung in die Sprechzeit": (
        "Guten Tag {Name},\n\nam schnellsten klären wir das im Gespräch. Unsere Sprechzeiten:"
        " {Sprechzeiten}. Sie finden uns in {Adresse}."
    ),
    "Weitergegeben": (
        "Guten Tag {Name},\n\nfür „{Betreff}“ ist eine andere Stelle zuständig. Wir haben Ihr"
        " Anliegen weitergegeben und fragen nach. Den Stand sehen Sie hier: {Statusseite}"
    ),
}
SIGNATURE = "Zentrenmanagement Birkenfurt\nAnlaufstelle am Markt\nGern auch persönlich, ohne Termin"
OFFICES = {
    "Ordnungsamt": "ordnungsamt@birkenfurt.example",
    "Bauhof": "bauhof@birkenfurt.example",
}


def build_answers(office: Office) -> None:
    for name, text in TEMPLATES.items():
        AnswerTemplate.objects.create(carrier=office.carrier, name=name, text=text)
    Signature.objects.create(carrier=office.carrier, text=SIGNATURE)
    mine = {"kind": Message.Kind.OUTGOING, "case__owner": office.staff[Role.MANAGER]}
    answers = Message.objects.filter(**mine, case__kind=Case.Kind.ENQUIRY).order_by("-pk")
    to_several, came_back = answers.select_related("case")[:2]
    _mail(to_several, cc=list(OFFICES.values()))
    [mail] = _mail(came_back)
    mail.bounced_at = came_back.created_at + timedelta(minutes=3)
    mail.is_bounce_permanent = True
    mail.bounce_reason = "550 5.1.1 Diese Adresse gibt es hier nicht"
    mail.save()


def _mail(answer: Message, cc: list[str] | None = None) -> list[OutgoingMail]:
    """The answer as it was mailed, long since: nothing is sent."""
    case = answer.case
    key = f"case-{case.pk}-answer-{answer.pk}"
    to_header = case.sender_email if cc else ""
    rows: list[OutgoingMail] = []
    for number, to in enumerate([case.sender_email, *(cc or [])], start=1):
        row = OutgoingMail.objects.create(
            key=key if number == 1 else f"{key}#{number}",
            message_id=message_id(key),
            to=to,
            to_header=to_header,
            cc_header=", ".join(cc or []),
            copy_of=rows[0] if rows else None,
            subject=f"[{case.reference}] {case.subject}",
            text=f"{answer.text}\n\n-- \n{SIGNATURE}\n",
            is_automatic=False,
            carrier=case.carrier,
            centre=case.centre,
            attempts=1,
            sent_at=answer.created_at + timedelta(seconds=25),
        )
        rows.append(row)
    answer.mail = rows[0]
    Message.objects.filter(pk=answer.pk).update(mail=rows[0])
    return rows

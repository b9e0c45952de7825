"""A business register that came twice: some rows refused, some actors missing; a letter template."""

import csv
import io
from datetime import date, datetime, time, timedelta

import docx
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from actors.care.services import plan_round
from actors.exchange import applying, services
from actors.models import Actor, ImportRun, LetterTemplate, SourceRecord
from zentrum.accounts.roles import Role
from zentrum.local.demo.office import Office

SOURCE = "Gewerberegister"
HEADING = ["Nr", "Firma", "Straße", "PLZ", "Ort", "Telefon", "E-Mail", "Breite", "Länge"]
GONE = (3, 11, 17)  # places in the list of businesses
BROKEN = [
    ["900", "Kiosk am Ufer", "Uferweg 2", "", "", "", "kiosk(at)example", "", ""],
    ["901", "Blumen Rosengart", "Marktplatz 9", "", "", "", "", "52,5", ""],
]
NEW = ["902", "Fahrradwerkstatt Speichenklang", "Uferweg 4", "", "", "0123 456902", "", "", ""]
LETTER = [
    "{{ name }}",
    "{{ strasse }}",
    "{{ plz }} {{ ort }}",
    "{{ datum }}",
    "Einladung zum Händlerfrühstück",
    "Guten Tag{% if vorname %} {{ vorname }} {{ nachname }}{% endif %},",
    (
        "wir laden Sie herzlich zu unserem Händlerfrühstück ein. Da wir keine E-Mail-Adresse von Ihnen"
        " haben, schreiben wir Ihnen auf diesem Weg. Wenn Sie uns eine nennen, erreicht Sie die nächste"
        " Einladung schneller."
    ),
    "Mit freundlichen Grüßen",
    "{{ absender }}, {{ zentrum }}",
]


def build_exchange(office: Office, businesses: list[Actor]) -> None:
    """The first file names the businesses of the first centre; the second one lacks three."""
    shops = [actor for actor in businesses if actor.centre_id == office.centres[0].pk]
    rows = [_row(number, actor) for number, actor in enumerate(shops, 1)]
    first = _run(office, "gewerbe-fruehjahr.csv", [HEADING, *rows])
    SourceRecord.objects.bulk_create(
        SourceRecord(
            source=SOURCE,
            external_id=row.external_id,
            actor=actor,
            values=row.values,
            last_seen_at=timezone.now() - timedelta(days=1),
        )
        for row, actor in zip(first.rows.order_by("number"), shops, strict=True)
    )
    _take_over(first, office.today - timedelta(days=190))
    kept = [row for number, row in enumerate(rows) if number not in GONE]
    _take_over(
        _run(office, "gewerbe-herbst.csv", [HEADING, *kept, NEW, *BROKEN]),
        office.today - timedelta(days=12),
    )
    # One of the possibly closed stands in a coming round, the others wait for a day.
    user, in_two_days = office.staff[Role.MANAGER], office.today + timedelta(days=2)
    plan_round([shops[GONE[0]]], user=user, on=in_two_days)
    _build_letter(office)


def _row(number: int, actor: Actor) -> list[str]:
    address, phone = actor.addresses.first(), actor.phones.first()
    street = address.street if address else ""
    return [str(number), actor.name, street, "", "", str(phone or ""), "", "", ""]


def _run(office: Office, name: str, rows: list[list[str]]) -> ImportRun:
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows(rows)
    return services.stage_at_once(
        io.BytesIO(file.getvalue().encode()),
        file_name=name,
        source=SOURCE,
        centre=office.centres[0],
        mapping=None,
    )


def _take_over(run: ImportRun, day: date) -> None:
    moment = timezone.make_aware(datetime.combine(day, time(10, 5)))
    services.confirm_at_once(run)
    applying.apply(run.pk)
    ImportRun.objects.filter(pk=run.pk).update(created_at=moment, finished_at=moment)
    SourceRecord.objects.filter(source=SOURCE).update(last_seen_at=moment)
    lost = SourceRecord.objects.filter(source=SOURCE, missing_since__isnull=False)
    lost.update(missing_since=moment)


def _build_letter(office: Office) -> None:
    document = docx.Document()
    for text in LETTER:
        document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    services.keep_template(
        LetterTemplate(name="Einladung zum Händlerfrühstück", centre=office.centres[0]),
        SimpleUploadedFile("einladung.docx", stream.getvalue()),
        user=office.staff[Role.MANAGER],
    )

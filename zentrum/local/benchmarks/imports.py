"""How long a worker needs for a file of actors, and how much memory: read, look, take over."""

from django.core.files.uploadedfile import SimpleUploadedFile

from actors.exchange import services
from actors.models import ImportRun
from zentrum.files.xlsx import workbook
from zentrum.local.benchmarks.workers import in_a_worker
from zentrum.office.models import Centre

ROWS = 20_000
COLUMNS = [
    *("Nr.", "Firma", "Rechtsform", "Branche", "Straße", "Hausnummer", "PLZ", "Ort"),
    *("Breite", "Länge", "E-Mail", "Telefon", "Website", "Beschreibung"),
]
NAMES = ("Café", "Bäckerei", "Buchhandlung", "Apotheke", "Optik", "Blumen", "Schuhhaus", "Imbiss")
STREETS = ("Turmstraße", "Birkenstraße", "Perleberger Straße", "Alt-Moabit", "Huttenstraße")


def measure(centre_id: int, rows: int = ROWS) -> dict[str, float]:
    """Seconds and peak megabytes of a worker's process for 20,000 rows of fourteen columns.

    `new`: a table of text, every row a new actor; `changed`: the same as a workbook, a fifth of
    the rows changed.
    """
    figures: dict[str, float] = {}
    files = {"new": ("neu.csv", _text(rows)), "changed": ("spaeter.xlsx", _workbook(rows))}
    for word, (name, content) in files.items():
        run = services.start_import(
            SimpleUploadedFile(name, content),
            source="bench",
            centre=Centre.objects.get(pk=centre_id),
            user=None,
        )
        figures |= {f"{word}_{name}": value for name, value in _take_over(run, rows).items()}
    return figures


def _take_over(run: ImportRun, rows: int) -> dict[str, float]:
    ImportRun.objects.filter(pk=run.pk).update(state=ImportRun.State.STAGING)
    figures = in_a_worker("import_worker", run.pk)
    run.refresh_from_db()
    if run.file:
        run.file.content.delete(save=False)
    if run.state != ImportRun.State.DONE or run.rows_done != rows:
        raise RuntimeError(f"The import stands at {run.state}: {run.counts} {run.error}")
    return figures


def _rows(count: int, shift: int = 0) -> list[list[str]]:
    """Rows as a business register has them; with a shift every fifth telephone number is new."""
    return [
        [
            *(str(number), f"{NAMES[number % 8]} {number}", "GmbH", f"Branche {number % 30}"),
            *(STREETS[number % 5], str(number % 200 + 1), "10551", "Berlin"),
            *(f"{52.52 + number % 100 / 9000:.5f}", f"{13.33 + number % 77 / 9000:.5f}"),
            *(f"laden{number}@example.org", f"030 {number + (number % 5 == 0) * shift}"),
            *(f"https://laden{number}.example", "Ein Geschäft im Zentrum mit Stammkundschaft."),
        ]
        for number in range(1, count + 1)
    ]


def _text(count: int) -> bytes:
    return "\n".join(";".join(row) for row in [COLUMNS, *_rows(count)]).encode()


def _workbook(count: int) -> bytes:
    return workbook("Akteure", COLUMNS, _rows(count, shift=50_000))

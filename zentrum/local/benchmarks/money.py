import pgtrigger
from django.db.models import Max

from projects.models import Booking, Project
from zentrum.local.benchmarks.filling import fill, one_of, pick, series
from zentrum.local.benchmarks.loading import Office

YEARS = 2  # programme years of a project
SOURCES = 3  # that pay in each of them


def load_bookings(office: Office) -> None:
    """Each project is paid by federation, state and one more, planned to paid, over two years."""
    last = Project.objects.aggregate(last=Max("pk"))["last"]
    third = pick(["town", "private", "fund"], "i")
    year = f"extract(year FROM current_date - ({last} - i) * 3650 / {last})::int + y"
    kinds = ", ".join(f"({n}, '{kind}')" for n, kind in enumerate(Booking.Kind.values))
    with pgtrigger.ignore("projects.Booking:insert_insert"):  # the history only, not the sums
        fill(
            Booking,
            f"{series(1, last)}, generate_series(0, {YEARS - 1}) AS y,"
            f" generate_series(1, {SOURCES}) AS s, (VALUES {kinds}) AS k(n, kind)",
            project="i",
            year=year,
            source=f"CASE s WHEN 1 THEN 'federal' WHEN 2 THEN 'state' ELSE {third} END",
            kind="k.kind",
            amount="1000 + (i * 37 + s * 11) % 90000 - k.n * (i % 7) + (i % 100) / 100.0",
            booked_on=f"make_date({year}, 1 + k.n * 3, 1 + (i % 28)::int)",
            text="'Rate ' || s",
            by=one_of(office.owners, "i"),
            submission="gen_random_uuid()",
        )

"""Office hours and contact, for everybody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from zentrum.office.calendar import Weekday
from zentrum.office.models import Centre, ClosingDay, Town
from zentrum.office.working_time import DEFAULT_HOURS, OfficeCalendar, holidays_in

AHEAD = timedelta(days=60)


@dataclass
class Office:
    """One office as the page shows it."""

    centre: Centre
    calendar: OfficeCalendar
    now: datetime

    @property
    def is_open(self) -> bool:
        return self.calendar.is_open(self.now)

    @property
    def sentence(self) -> str:
        """Until when it is open today, or when it opens next."""
        if self.is_open:
            clock = self.now.time()
            spans = self.calendar.hours_on(self.now.date())
            closes = max(end for start, end in spans if start <= clock < end)
            return _("until %(time)s") % {"time": formats.time_format(closes, "H:i")}
        opening = self.calendar.next_opening(self.now)
        if opening <= self.now:
            return ""
        return _("Next open: %(day)s, %(time)s") % {
            "day": formats.date_format(opening, "l, j. F"),
            "time": formats.time_format(opening, "H:i"),
        }

    @property
    def days(self) -> Iterator[dict[str, Any]]:
        hours = self.calendar.hours or DEFAULT_HOURS
        for weekday in Weekday:
            spans = [f"{start:%H:%M}–{end:%H:%M}" for start, end in hours.get(weekday, [])]
            if spans or weekday < 5:
                yield {"name": weekday.label, "hours": ", ".join(spans) or _("closed")}

    @property
    def closing_days(self) -> list[dict[str, Any]]:
        """Own closing days and holidays on days that have office hours, soon to come."""
        today = self.now.date()
        rows = [
            (max(closing.starts_on, today), closing.ends_on, closing.reason)
            for closing in ClosingDay.objects.filter(
                Q(centre=self.centre) | Q(centre__isnull=True),
                ends_on__gte=today,
                starts_on__lte=today + AHEAD,
            )
        ]
        for year in {today.year, (today + AHEAD).year}:
            rows += [
                (day, day, name)
                for day, name in holidays_in(self.calendar.land, year).items()
                if today <= day <= today + AHEAD and self.calendar.hours.get(day.weekday())
            ]
        return [{"dates": _dates(*row[:2]), "reason": row[2]} for row in sorted(rows)]


def _dates(start: date, end: date) -> str:
    first = formats.date_format(start, "SHORT_DATE_FORMAT")
    if start == end:
        return first
    return f"{first} – {formats.date_format(end, 'SHORT_DATE_FORMAT')}"


@login_not_required
def contact(request: HttpRequest) -> HttpResponse:
    now = timezone.localtime()
    centres = Centre.objects.select_related("town").order_by("name")
    town = Town.objects.order_by("pk").first()
    phone = town.phone if town else ""
    context = {
        "offices": [Office(centre, OfficeCalendar.of(centre), now) for centre in centres],
        "phone_link": "".join(c for c in phone if c.isdigit() or c == "+"),
    }
    return render(request, "contacts/intake/contact.html", context)

"""Bookings added up by the database itself, so that no page has to read ten years of them."""

from typing import TYPE_CHECKING

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.pipeline.models import Project, money_seen_by

if TYPE_CHECKING:
    from zentrum.accounts.models import User

COLUMNS = ("planned", "committed", "called", "paid")


class YearSumQuerySet(models.QuerySet["YearSum"]):
    def visible_to(self, user: "User") -> "YearSumQuerySet":
        return self.filter(money_seen_by(user, prefix="project__"))


class YearSum(models.Model):
    """What a project's bookings of one source in one programme year add up to, in euro.

    Each new booking adds itself by a trigger; bookings are never changed or removed, so the sum
    is always theirs. `paid_in_time` is what was paid by 31 December of the programme year.
    """

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="year_sums", verbose_name=_("project")
    )
    year = models.PositiveSmallIntegerField(_("Programme year"))
    source = models.CharField(_("Source"), max_length=8)
    planned = models.DecimalField(_("planned"), max_digits=14, decimal_places=2)
    committed = models.DecimalField(_("committed"), max_digits=14, decimal_places=2)
    called = models.DecimalField(_("called"), max_digits=14, decimal_places=2)
    paid = models.DecimalField(_("paid"), max_digits=14, decimal_places=2)
    paid_in_time = models.DecimalField(_("paid in time"), max_digits=14, decimal_places=2)

    objects = YearSumQuerySet.as_manager()

    class Meta:
        verbose_name = _("sum of a year")
        verbose_name_plural = _("sums of years")
        constraints = [
            models.UniqueConstraint(name="yearsum_once", fields=["project", "year", "source"])
        ]
        indexes = [models.Index(name="yearsum_of_year", fields=["year", "project"])]

    def __str__(self) -> str:
        return f"{self.year}, {self.source}"


def _adding_up() -> str:
    """PL/pgSQL that adds the amount of a new booking to its sum."""
    values = {name: f"CASE NEW.kind WHEN '{name}' THEN NEW.amount ELSE 0 END" for name in COLUMNS}
    in_time = "NEW.kind = 'paid' AND extract(year FROM NEW.booked_on) <= NEW.year"
    values["paid_in_time"] = f"CASE WHEN {in_time} THEN NEW.amount ELSE 0 END"
    added = ", ".join(f"{name} = kept.{name} + EXCLUDED.{name}" for name in values)
    return (
        f"INSERT INTO projects_yearsum AS kept (project_id, year, source, {', '.join(values)})"  # noqa: S608 - our own text
        f" VALUES (NEW.project_id, NEW.year, NEW.source, {', '.join(values.values())})"
        f" ON CONFLICT (project_id, year, source) DO UPDATE SET {added};"
        " RETURN NULL;"
    )


def adds_up() -> pgtrigger.Trigger:
    """The trigger of the bookings that keeps the sums."""
    return pgtrigger.Trigger(
        name="adds_up", when=pgtrigger.After, operation=pgtrigger.Insert, func=_adding_up()
    )

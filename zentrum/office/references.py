from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ReferenceCounter(models.Model):
    """The last number given in a year for a kind of reference, such as V for Vorgang."""

    prefix = models.CharField(max_length=2)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("counter of references")
        verbose_name_plural = _("counters of references")
        constraints = [
            models.UniqueConstraint(name="reference_counter_once", fields=["prefix", "year"])
        ]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}-{self.last:04d}"


def next_reference(prefix: str) -> str:
    """The next reference of this year in office time, such as `V-2026-0142`.

    Call it in the transaction that stores the row: the counter row stays locked until then, so no
    number is given twice and a rollback leaves no gap. Raises RuntimeError outside one.
    """
    connection.validate_no_broken_transaction()
    if not connection.in_atomic_block:
        message = "next_reference() needs the transaction of the row it names."
        raise RuntimeError(message)
    year = timezone.localdate().year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO office_referencecounter (prefix, year, last) VALUES (%s, %s, 1)"
            " ON CONFLICT (prefix, year) DO UPDATE SET last = office_referencecounter.last + 1"
            " RETURNING last",
            [prefix, year],
        )
        number = cursor.fetchone()[0]
    return f"{prefix}-{year}-{number:04d}"

from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _


class TimeStampedModel(models.Model):
    created_at = models.DateTimeField(_("created at"), auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True, editable=False)

    class Meta:
        abstract = True


def keep_history(*, exclude: tuple[str, ...] = ()):
    """Class decorator: every insert, update and delete of the row is kept by database triggers.

    Generated columns must be named in `exclude`, they follow from the others.
    """
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=list(exclude),
        level=pgtrigger.Statement,  # a thousand rows at once are one insert more
    )


@contextmanager
def many_rows() -> Iterator[None]:
    """A transaction that changes many rows at once of models that keep their history.

    The triggers join the old rows with the new ones, and PostgreSQL keeps the plan that it made
    for the first statement of a connection. If that changed one row, each of five thousand is
    compared with each: 10 to 40 s instead of one. Here the kept plans are dropped, and the next
    statement is planned for its rows. (`plan_cache_mode` does not help: it is of no account for
    statements without parameters.)
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("DISCARD PLANS")
        yield


def trigram_index(field: str, name: str) -> GinIndex:
    """Index for substring and fuzzy search in a `searchable` column."""
    return GinIndex(name=name, fields=[field], opclasses=["gin_trgm_ops"])

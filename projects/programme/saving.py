"""Rows that two people may edit at the same time: the slower one is told, nothing is lost."""

from typing import TYPE_CHECKING, Any

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from zentrum.accounts.models import User


def lock(row: Any, version: int | None) -> Any:
    """The row as it is now, locked. Raises ValidationError (code "stale") when somebody was faster
    than the one who saw this version."""
    locked = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if version is not None and version != locked.version:
        raise ValidationError(
            _("Somebody else has changed this in the meantime. Please look at it again."),
            code="stale",
        )
    return locked


@transaction.atomic
def save_next(row: Any, *, by: "User", version: int | None = None, **changes: Any) -> None:
    """Save changed fields as the next version; see `lock`."""
    with pghistory.context(user=by.pk):
        locked = lock(row, version)
        for name, value in changes.items():
            setattr(locked, name, value)
        locked.version += 1
        locked.full_clean()
        locked.save()
    row.refresh_from_db()

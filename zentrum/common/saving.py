from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.forms import BaseForm

Save = Callable[[], Any]


def save_once(form: BaseForm, row: Model, save: Save, field: str | None = None) -> bool:
    """Save the row of a valid form, unless the button was pressed twice and it is there already.

    False when it is: the form then says so, at the field if one is named. The row is held against
    its constraints as a whole, also where the form lacks a field; a twin that somebody saves at
    this very moment is found too.
    """
    try:
        _save(row, save)
    except ValidationError as refusal:
        form.add_error(field, ValidationError(refusal.messages))
        return False
    return True


def _save(row: Model, save: Save) -> None:
    row.validate_constraints()
    try:
        with transaction.atomic():
            save()
    except IntegrityError:
        row.full_clean()  # now it sees the twin
        raise

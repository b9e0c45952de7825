"""Try rows that PostgreSQL itself must refuse, and see that no constraint was forgotten."""

from contextlib import AbstractContextManager
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Model


def refused(name: str) -> AbstractContextManager:
    """The database refuses by this constraint, and by no other."""
    return pytest.raises(IntegrityError, match=f'"{name}"')


def change(row: Model, **values: Any) -> None:
    """Write the values past every form and service."""
    with transaction.atomic():
        type(row)._base_manager.filter(pk=row.pk).update(**values)


def write_again(row: Any) -> None:
    """Insert the same row a second time, with a key of its own where the row has one."""
    row.pk = None
    for key in ("submission", "token"):
        if hasattr(row, key):
            setattr(row, key, uuid4())
    with transaction.atomic():
        type(row)._base_manager.bulk_create([row])


def constraints_of(app: str) -> set[str]:
    return {
        row.name
        for model in apps.get_app_config(app).get_models()
        for row in model._meta.constraints
    }

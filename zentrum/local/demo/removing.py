from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from zentrum.office.models import Town

KEPT = {"projects.fieldofaction", "actors.retentionrule"}  # came with the migrations
FOREIGN_APPS = {"sessions", "account", "mfa", "axes", "pghistory"}
OWN_APPS = ("accounts", "office", "files", "mail", "actors", "projects", "contacts")


@transaction.atomic
def remove_demo() -> int:
    """Remove the demo town with all that was entered in it, and its history; returns its rows.

    Raises ValidationError when this database holds a real town: that one is never touched.
    """
    if (
        not Town.objects.filter(is_demo=True).exists()
        or Town.objects.filter(is_demo=False).exists()
    ):
        raise ValidationError(_("There is no demo town here, so nothing was removed."))
    models = [model for label in OWN_APPS for model in apps.get_app_config(label).get_models()]
    rows = sum(
        model._default_manager.count() for model in models if not model.__name__.endswith("Event")
    )
    tables = _tables(models)
    for label in FOREIGN_APPS:
        tables |= _tables(list(apps.get_app_config(label).get_models()))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        tables &= set(connection.introspection.table_names(cursor))  # without the views
        names = ", ".join(connection.ops.quote_name(table) for table in sorted(tables))
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY")
    return rows


def _tables(models: list) -> set[str]:
    tables = set()
    for model in models:
        if model._meta.label_lower not in KEPT:
            tables.add(model._meta.db_table)
            tables |= {field.m2m_db_table() for field in model._meta.local_many_to_many}
    return tables

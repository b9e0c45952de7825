"""Build a row of any table that points at an actor, also of a table that is added tomorrow."""

import itertools
from datetime import UTC, date, datetime
from uuid import uuid4

import pghistory.models
from django.apps import apps
from django.db import models

from actors.models import Actor
from contacts.models import Case, Consultation
from projects.models import Project, SiteNoticeRecipient
from tests.factories.actors import ActorFactory
from tests.factories.contacts import CaseFactory, ConsultationFactory
from tests.factories.office import CentreFactory, UserFactory
from tests.factories.projects import ProjectFactory, SiteNoticeRecipientFactory
from zentrum.accounts.models import User
from zentrum.office.models import Centre

FACTORIES = {
    Actor: ActorFactory,
    Case: CaseFactory,
    Centre: CentreFactory,
    Consultation: ConsultationFactory,
    Project: ProjectFactory,
    SiteNoticeRecipient: SiteNoticeRecipientFactory,
    User: UserFactory,
}
VALUES = {
    models.DateTimeField: datetime(2026, 11, 1, tzinfo=UTC),
    models.DateField: date(2026, 11, 1),
    models.IntegerField: 1,
    models.DecimalField: 1,
    models.JSONField: {},
    models.BooleanField: False,
}
_numbers = itertools.count(1)


def actor_fields():
    """Every foreign key and one-to-one of the project that points at an actor, history aside."""
    return [
        field
        for model in apps.get_models(include_auto_created=True)
        if not issubclass(model, pghistory.models.Event)
        for field in model._meta.local_fields
        if field.is_relation and field.related_model is Actor
    ]


def make(model, **given):
    if model in FACTORIES:
        return FACTORIES[model](**given)
    for field in model._meta.local_fields:
        if field.name not in given and _is_needed(field):
            given[field.name] = _value(field)
    return model._base_manager.create(**given)


def _is_needed(field):
    if field.primary_key or isinstance(field, models.GeneratedField):
        return False
    return not (field.null or field.has_default() or getattr(field, "auto_now_add", False))


def _value(field):
    if field.is_relation:
        return make(field.related_model)
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.UUIDField):
        return uuid4()
    for kind, value in VALUES.items():
        if isinstance(field, kind):
            return value
    return f"x{next(_numbers)}"

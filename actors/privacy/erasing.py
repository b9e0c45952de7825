"""Carry out a planned erasure: rows, history, mails, imports, every text that names the actor."""

from collections import Counter
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from actors.directory.models import Actor
from actors.exchange.models import ImportRow, SourceRecord
from actors.privacy.mentions import is_history, redact, rows_naming
from actors.privacy.planning import Plan
from actors.privacy.tracing import Model, Trace, is_own, pointing_at, swept_models
from zentrum.files.models import StoredFile
from zentrum.files.services import remove

MAIL = "mail.outgoingmail"
# Fields of a staying row that are the person, and what they become; None: the placeholder.
CLEARED: dict[str, dict[str, Any]] = {
    "contacts.case": {"sender_name": None, "sender_email": "", "sender_phone": ""},
    "contacts.message": {"stranger": ""},
    "contacts.submission": {"data": {}},
    "contacts.consultation": {"name": None, "email": ""},
    MAIL: {
        "to": "",
        "to_header": "",
        "cc_header": "",
        "reply_to": "",
        "subject": None,
        "text": "",
        "html": "",
        "unsubscribe_url": "",
        "last_error": "",
        "bounce_reason": "",
    },
}


def placeholder() -> str:
    """What stands where the name stood, in the language of the office."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("deleted person")


def execute(planned: Plan, *, keep: Collection[str] = ()) -> dict[str, dict[str, int]]:
    """Erase what is planned; `keep` are the keys of mentions that mean somebody else.

    Returns the rows deleted and anonymised, by table. The caller holds the transaction and the
    lock of the actor's row. Files are taken from the storage once it is committed.
    """
    found, files, by = planned.trace, planned.files, placeholder()
    counts = {"deleted": Counter[str](), "anonymised": Counter[str]()}
    _anonymise(found, by, counts["anonymised"])
    _forget_imports(planned)
    _delete(found, counts["deleted"])
    if count := delete_files(files):
        counts["deleted"]["files.storedfile"] = count
    _erase_actors(found, by)
    _forget_history(found, by)
    _sweep(found, by, keep, counts["anonymised"])
    return {name: dict(sorted(count.items())) for name, count in counts.items()}


def _anonymise(found: Trace, by: str, counts: Counter[str]) -> None:
    for place in (found.staying, found.texts):
        for model, keys in place.items():
            rows = model._base_manager.filter(pk__in=keys)
            if place is found.staying or model._meta.label_lower == "contacts.submission":
                rows.update(**_cleared(model, by))
                counts[model._meta.label_lower] += len(keys)
            redact(rows_naming(model, found.identity.wide, among=keys), found.identity.wide, by)
    mail = next((m for m in found.staying if m._meta.label_lower == "mail.outgoingmail"), None)
    if mail:  # nobody is there any more to whom it could be sent; keys may end with an address
        nameless = Concat(models.Value("erased-"), Cast("pk", models.CharField()))
        mail._base_manager.filter(pk__in=found.mails).update(key=nameless)
        unsent = mail._base_manager.filter(pk__in=found.mails, sent_at=None, given_up_at=None)
        unsent.update(given_up_at=timezone.now())


def _cleared(model: Model, by: str) -> dict[str, Any]:
    values = CLEARED.get(model._meta.label_lower.removesuffix("event"), {})
    names = {field.name for field in model._meta.local_fields}
    cleared = {name: by if value is None else value for name, value in values.items()}
    if "updated_at" in names and not is_history(model):
        cleared["updated_at"] = timezone.now()
    return {name: value for name, value in cleared.items() if name in names}


def _forget_imports(planned: Plan) -> None:
    """What a file said about the actor: the rows stay for the counts, without their words."""
    rows = models.Q(actor__in=planned.trace.keys)
    for record in SourceRecord.objects.filter(actor__in=planned.trace.keys):
        rows |= models.Q(run__source=record.source, external_id=record.external_id)
    ImportRow.objects.filter(rows).update(raw={}, values={}, external_id="", actor=None)
    for run in planned.runs:
        run.file = None
        run.save(update_fields=["file", "updated_at"])


def _delete(found: Trace, counts: Counter[str]) -> None:
    for model, keys in found.going.items():
        _total, deleted = model._base_manager.filter(pk__in=keys).delete()
        for label, number in deleted.items():
            counts[label.lower()] += number


def delete_files(keys: set[int]) -> int:
    """Delete the files that nothing needs any more, from the storage once it is committed."""
    count = 0
    for stored in StoredFile.objects.filter(pk__in=keys):
        if not _is_used(stored):
            remove(stored)
            count += 1
    return count


def _is_used(stored: StoredFile) -> bool:
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: stored}).exists()
        for relation in pointing_at(StoredFile)
    )


def _erase_actors(found: Trace, by: str) -> None:
    """The actor's own row goes, unless a matter that stays points at it: then it names nobody."""
    for relation in pointing_at(Actor):
        if relation.on_delete == models.SET_NULL:
            _pointing(relation, found.keys).update(**{relation.field.name: None})
    if any(_pointing(relation, found.keys).exists() for relation in pointing_at(Actor)):
        now = timezone.now()
        Actor.objects.filter(pk__in=found.keys).update(
            name=by,
            given_name="",
            legal_form="",
            description="",
            website="",
            submission=None,
            archived_at=Coalesce("archived_at", now),
            version=models.F("version") + 1,
            updated_at=now,
        )
    else:
        Actor.objects.filter(pk__in=found.keys[1:]).delete()  # they forbid to delete the first
        Actor.objects.filter(pk__in=found.keys[:1]).delete()


def _pointing(relation: models.ForeignObjectRel, keys: list[int]) -> Any:
    return relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": keys})


def _forget_history(found: Trace, by: str) -> None:
    """The triggers have kept what was deleted and changed, a moment ago too."""
    for relation in pointing_at(Actor, events=True):
        events, tracked = _pointing(relation, found.keys), tracked_by(relation.related_model)
        if tracked is Actor or is_own(tracked):
            events.delete()
        else:
            _anonymise_events(events, found, by)
    for place in (found.staying, found.texts):
        for model, keys in place.items():
            for relation in pointing_at(model, events=True):
                if relation.field.name == "pgh_obj":
                    _anonymise_events(_pointing(relation, list(keys)), found, by)


def tracked_by(events: Model) -> Model:
    """The model whose history these rows are."""
    return events.pgh_tracked_model


def _anonymise_events(events: Any, found: Trace, by: str) -> None:
    if cleared := _cleared(events.model, by):
        events.update(**cleared)
    keys = list(events.values_list("pk", flat=True))
    redact(rows_naming(events.model, found.identity.wide, among=keys), found.identity.wide, by)


def _sweep(found: Trace, by: str, keep: Collection[str], counts: Counter[str]) -> None:
    for model in swept_models():
        rows = rows_naming(model, found.identity.narrow)
        label = model._meta.label_lower
        key = "pk"
        if is_history(model):
            label, key = tracked_by(model)._meta.label_lower, "pgh_obj_id"
        kept = [part.partition(":")[2] for part in keep if part.partition(":")[0] == label]
        count = redact(
            rows.exclude(**{f"{key}__in": kept}) if kept else rows, found.identity.narrow, by
        )
        if count and not is_history(model):
            counts[label] += count

"""What the erasure of an actor would do now: shown to a person first."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from actors.directory.models import Actor
from actors.exchange.models import ImportRow, ImportRun
from actors.privacy.mentions import Mention, is_history, mentions
from actors.privacy.models import Disclosure
from actors.privacy.tracing import Model, Trace, related, swept_models, trace

MOST_SHOWN = 200
# Tables that nobody reads as texts: what they say is taken out with its cause, without asking.
FOLLOWING = {"actors.importrow", "contacts.searchdocument", "pghistory.context"}


@dataclass
class Plan:
    """What would go, what would stay, and where else the actor is named."""

    trace: Trace
    mentions: list[Mention]

    @property
    def actor(self) -> Actor:
        return self.trace.actors[0]

    @cached_property
    def to_offer(self) -> list[Any]:
        """Closed cases that became an idea: the archive is asked before they lose their person."""
        case = related(Actor, "cases")
        adopted = case._base_manager.filter(state="closed", outcome="adopted")
        return list(adopted.filter(pk__in=self.trace.staying.get(case, ())).order_by("pk"))

    @property
    def going(self) -> list[tuple[str, int]]:
        return _named(self.trace.going) + ([(_("files"), n)] if (n := len(self.files)) else [])

    @property
    def staying(self) -> list[tuple[str, int]]:
        return _named(self.trace.staying)

    @cached_property
    def files(self) -> set[int]:
        told = Disclosure.objects.filter(actor__in=self.trace.keys, file__isnull=False)
        files = self.trace.files | set(told.values_list("file", flat=True))
        return files | {run.file_id for run in self.runs if run.file_id}

    @cached_property
    def runs(self) -> list[ImportRun]:
        """Imports that brought the actor: their files hold its data and are used no more."""
        rows = ImportRow.objects.filter(actor__in=self.trace.keys).values("run")
        ended = ImportRun.objects.filter(state__in=(ImportRun.State.DONE, ImportRun.State.FAILED))
        return list(ended.filter(pk__in=rows, file__isnull=False).select_related("file"))

    @cached_property
    def fingerprint(self) -> str:
        """Changes as soon as any row that the erasure touches comes, goes or is changed."""
        places = (self.trace.going, self.trace.staying, self.trace.loose, self.trace.texts)
        parts = [
            [number, model._meta.label, *map(str, row)]
            for number, place in enumerate(places)
            for model, keys in place.items()
            for row in _stamps(model, keys)
        ]
        parts += [["", mention.key, mention.field, mention.excerpt] for mention in self.mentions]
        parts += [
            ["", actor.pk, actor.version, str(actor.updated_at)] for actor in self.trace.actors
        ]
        return hashlib.sha256(json.dumps(sorted(parts, key=str), default=str).encode()).hexdigest()


def plan(actor: Actor) -> Plan:
    """What the erasure of an actor would do now; changes nothing."""
    found = trace(actor)
    named = [
        mention
        for model in swept_models()
        if not is_history(model) and model._meta.label_lower not in FOLLOWING
        for mention in mentions(model, found.identity.narrow, _without(found, model))
    ]
    return Plan(found, named)


def _without(found: Trace, model: Model) -> set[Any]:
    return set(found.keys) if model is Actor else found.owned(model)


def _named(rows: dict[Model, set[Any]]) -> list[tuple[str, int]]:
    counts: Counter[str] = Counter()
    for model, keys in rows.items():
        if not model._meta.auto_created:
            counts[str(model._meta.verbose_name_plural)] += len(keys)
    return sorted(counts.items())


def _stamps(model: Model, keys: set[Any]) -> Any:
    names = {field.name for field in model._meta.local_fields}
    columns = ["pk"] + [name for name in ("updated_at", "version") if name in names]
    return model._base_manager.filter(pk__in=keys).values_list(*columns)

"""Find every row about an actor, in all apps. Upper apps are reached by their relations' names.

Rows that point at an actor are found by walking the relations of the model, hidden ones too, so
that no foreign key is forgotten: a row of which some key would be deleted with the actor is its
own and goes; a row that would forbid the deletion stays, with the person replaced.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from pghistory.models import Event

from actors.directory.models import Actor
from actors.privacy.naming import Identity

Model = Any  # a model of any app: those above are reached by name
Rows = dict[Model, set[Any]]
# People of the office and what the server itself keeps are no data of the office's actors.
FOREIGN_APPS = {"accounts", "account", "auth", "axes", "contenttypes", "mfa", "office", "sessions"}
# A row that is nothing but an address, and a mail as it came from it.
OWN_BY_ADDRESS = {
    "projects.ideafollower",
    "projects.projectfollower",
    "projects.supporter",
    "projects.comment",
    "contacts.incomingmail",
}
CHILDREN = ("messages", "drafts", "submission", "consultations", "incoming_mails")  # of a case
GOING = ("drafts", "incoming_mails")


@dataclass
class Trace:
    """The rows about an actor by model: its own ones, those that only name it, its texts."""

    actors: list[Actor]
    identity: Identity
    going: Rows = field(default_factory=dict)
    staying: Rows = field(default_factory=dict)
    loose: Rows = field(default_factory=dict)
    texts: Rows = field(default_factory=dict)
    mails: set[int] = field(default_factory=set)
    files: set[int] = field(default_factory=set)

    @property
    def keys(self) -> list[int]:
        return [actor.pk for actor in self.actors]

    def add(self, place: Rows, model: Model, keys: Any) -> None:
        if found := set(keys):
            place.setdefault(model, set()).update(found)

    def owned(self, model: Model) -> set[Any]:
        """Keys of a model's rows that the erasure handles by itself."""
        found: set[Any] = set()
        for place in (self.going, self.staying, self.texts):
            found |= place.get(model, set())
        return found


def trace(actor: Actor) -> Trace:
    """Everything about an actor and the duplicates that were merged into it."""
    actors = [actor, *Actor.objects.filter(merged_into=actor).order_by("pk")]
    found = Trace(actors, Identity.of(actors))
    for relation in pointing_at(Actor):
        _add_relation(found, relation)
    _add_by_address(found)
    _add_matters(found)
    return found


def pointing_at(model: Model, *, events: bool = False) -> Iterator[models.ForeignObjectRel]:
    """The foreign keys that point at a model, hidden ones and those of many-to-many tables too.

    With `events`, those of the history instead.
    """
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.field.model == model:
            continue
        if issubclass(relation.related_model, Event) == events:
            yield relation


def related(model: Model, name: str) -> Model:
    """The model at the other end of a relation, by the relation's name."""
    return model._meta.get_field(name).related_model


def is_own(model: Model) -> bool:
    """Whether a row of this model would be deleted with an actor it points at."""
    rules = [
        relation.on_delete for relation in pointing_at(Actor) if relation.related_model == model
    ]
    return models.CASCADE in rules


def _add_relation(found: Trace, relation: models.ForeignObjectRel) -> None:
    model = relation.related_model
    rows = model._base_manager.filter(**{f"{relation.field.name}__in": found.keys})
    if is_own(model):
        place = found.going
    elif relation.on_delete == models.SET_NULL:
        place = found.loose
    else:
        place = found.staying
    found.add(place, model, rows.values_list("pk", flat=True))


def _add_by_address(found: Trace) -> None:
    for model in swept_models():
        if issubclass(model, Event) or model._meta.label_lower == "actors.emailaddress":
            continue
        for name in [f.name for f in model._meta.fields if isinstance(f, models.EmailField)]:
            wanted = [models.Q(**{f"{name}__iexact": email}) for email in found.identity.emails]
            if not wanted:
                continue
            rows = model._base_manager.filter(models.Q(*wanted, _connector=models.Q.OR))
            own = model._meta.label_lower in OWN_BY_ADDRESS
            place = found.going if own else found.staying
            found.add(place, model, rows.values_list("pk", flat=True))


def _add_matters(found: Trace) -> None:
    """What belongs to the actor's cases and ideas, and the mails of all that."""
    case = related(Actor, "cases")
    cases = case._base_manager.filter(pk__in=found.staying.get(case, ()))
    ideas = set(cases.exclude(idea=None).values_list("idea", flat=True))
    idea = related(case, "idea")
    follower = related(idea, "followers")
    authored = follower._base_manager.filter(pk__in=found.going.get(follower, ()), is_author=True)
    found.add(found.texts, idea, ideas | set(authored.values_list("idea", flat=True)))
    for name in CHILDREN:
        child = related(case, name)
        place = found.going if name in GOING else found.texts
        rows = child._base_manager.filter(case__in=cases.values("pk"))
        found.add(place, child, rows.values_list("pk", flat=True))
    _add_mails_and_files(found, related(case, "messages"))


def _add_mails_and_files(found: Trace, message: Model) -> None:
    messages = message._base_manager.filter(pk__in=found.texts.get(message, ()))
    mail = related(message, "mail")
    answers = set(messages.exclude(mail=None).values_list("mail", flat=True))
    copies = mail._base_manager.filter(copy_of__in=answers).values_list("pk", flat=True)
    found.mails = found.staying.get(mail, set()) | answers | set(copies)
    found.add(found.staying, mail, found.mails)
    enclosed = related(mail, "attachments")
    sent = enclosed._base_manager.filter(mail__in=found.mails)
    found.add(found.going, enclosed, sent.values_list("pk", flat=True))
    notices = related(related(message, "case"), "reminders")._base_manager.filter(
        case__in=messages.values("case")
    )
    told = set(notices.exclude(mail=None).values_list("mail", flat=True))
    found.add(found.texts, mail, told - found.mails)
    attachment = related(message, "attachments")
    files = attachment._base_manager.filter(message__in=messages.values("pk"))
    found.add(found.going, attachment, files.values_list("pk", flat=True))
    found.files = {*files.values_list("file", flat=True), *sent.values_list("file", flat=True)}
    came = related(related(message, "case"), "incoming_mails")
    raw = came._base_manager.filter(pk__in=found.going.get(came, ())).exclude(raw=None)
    found.files |= set(raw.values_list("raw", flat=True))


def swept_models() -> Iterator[Model]:
    """All tables that may hold words about an actor, the history included."""
    for model in apps.get_models(include_auto_created=True):
        options = model._meta
        if options.managed and not options.proxy and options.app_label not in FOREIGN_APPS:
            yield model

"""Choose an actor by typing a part of its name, as the desk, participants and relations do."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db.models import Case, IntegerField, Value, When
from django.forms.widgets import Script
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor, ActorQuerySet
from zentrum.common.text import normalise

MOST_CHOICES = 10
SHORTEST = 2  # letters; fewer would find everybody
LONGEST = 200


@dataclass
class Choice:
    """What the visitor gave: a typed text, and the id of a suggestion they took."""

    text: str = ""
    actor_id: str = ""
    picked: str = ""  # from the plain select that is offered when a text fits several actors

    def __bool__(self) -> bool:
        return bool(self.text.strip() or self.picked)


def best_matches(actors: ActorQuerySet, words: str) -> list[Actor]:
    """At most ten actors for a typed text, those whose name begins with it first."""
    text = " ".join(normalise(words).split())
    if len(text) < SHORTEST:
        return []
    begins = Case(
        When(sort_text__startswith=text, then=Value(0)),
        default=Value(1),
        output_field=IntegerField(),
    )
    found = actors.matching(text).order_by(begins, "sort_text", "pk")
    return list(found.prefetch_related("addresses", "sectors")[:MOST_CHOICES])


def street_of(actor: Actor) -> str:
    """The main address in one line, else the sectors: tells actors of one name apart."""
    address = next((str(address) for address in actor.addresses.all()), "")
    return address or ", ".join(sector.name for sector in actor.sectors.all())


def is_named(actor: Actor, text: str) -> bool:
    return normalise(str(actor)).split() == normalise(text).split()


class ActorInput(forms.Widget):
    """A text input with suggestions; without scripts a typed name, if needed a plain select."""

    template_name = "actors/widgets/actor_input.html"
    choices_url_name = "actors:actor_choices"

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__(attrs)
        self.matches: list[Actor] = []

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Choice:
        return Choice(
            data.get(name) or "", data.get(f"{name}_id") or "", data.get(f"{name}_pick") or ""
        )

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data

    def format_value(self, value: Any) -> Any:
        return value

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "choice": value if isinstance(value, Choice) else Choice(str(value or "")),
            "matches": [(actor.pk, str(actor), street_of(actor)) for actor in self.matches],
            "url": reverse(self.choices_url_name),
        }
        return context

    @property
    def media(self) -> forms.Media:
        scripts: list[Any] = [Script("js/actor-choice.js", type="module")]
        return forms.Media(js=scripts)


class ActorChoice(forms.Field):
    """Cleans to an Actor of `queryset` (set it in the form: `Actor.objects.visible_to(user)`).

    With `allow_unknown` a text that names no actor is fine and comes back as it is (a str):
    somebody at the counter need not be in the directory.
    """

    widget = ActorInput
    default_error_messages = {
        "invalid_choice": _("This actor cannot be chosen."),
        "unknown": _(
            "No actor has this name. Please check the spelling or create the actor first."
        ),
        "several": _("Several actors fit this name. Please choose one from the list."),
    }

    def __init__(
        self, *, queryset: ActorQuerySet | None = None, allow_unknown: bool = False, **options: Any
    ):
        super().__init__(**options)
        self.queryset = queryset if queryset is not None else Actor.objects.none()
        self.allow_unknown = allow_unknown

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Actor):
            return Choice(str(value), str(value.pk))
        if isinstance(value, int):
            actor = self.queryset.filter(pk=value).first()
            return Choice(str(actor), str(value)) if actor else Choice()
        return value

    def clean(self, value: Any) -> Actor | str | None:
        choice = value if isinstance(value, Choice) else Choice(str(value or ""))
        if not choice:
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if choice.picked:
            return self._get(choice.picked)
        text = choice.text.strip()
        ProhibitNullCharactersValidator()(text)
        MaxLengthValidator(LONGEST)(text)
        if choice.actor_id:
            actor = self._get(choice.actor_id)
            if is_named(actor, text):  # else somebody without scripts typed another name
                return actor
        return self._named(text)

    def has_changed(self, initial: Any, data: Any) -> bool:
        before, after = self.prepare_value(initial) or Choice(), data or Choice()
        return (before.text, before.actor_id) != (after.text, after.actor_id) or bool(after.picked)

    def _get(self, pk: str) -> Actor:
        actor = self.queryset.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None
        if not actor:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return actor

    def _named(self, text: str) -> Actor | str:
        matches = best_matches(self.queryset, text)
        exact = [actor for actor in matches if is_named(actor, text)]
        if len(exact) == 1:
            return exact[0]
        if self.allow_unknown:
            return text
        if not matches:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        self.widget.matches = exact or matches
        raise ValidationError(self.error_messages["several"], code="several")

"""Bring two actors together: one mail to both, kept on both timelines."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from actors.directory.choosing import ActorChoice
from actors.directory.models import Actor
from actors.network.models import Introduction
from zentrum.accounts.models import User
from zentrum.mail.services import post

LONGEST = 5000


class IntroductionForm(forms.Form):
    first = ActorChoice(label=gettext_lazy("Whom?"))
    second = ActorChoice(label=gettext_lazy("To whom?"))
    text = forms.CharField(
        label=gettext_lazy("Text of the mail"),
        max_length=LONGEST,
        validators=[ProhibitNullCharactersValidator()],
        widget=forms.Textarea({"rows": 8}),
        help_text=gettext_lazy(
            "Both get the same mail. Their names and e-mail addresses follow below the text."
        ),
    )
    agreed = forms.BooleanField(
        label=gettext_lazy("Both agreed that their e-mail address is passed on to the other.")
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any, *, user: User, initial: dict[str, Any]):
        super().__init__(data, initial={"text": suggested_text()} | initial)
        for name in ("first", "second"):
            chosen: Any = self.fields[name]
            chosen.queryset = Actor.objects.visible_to(user).active()

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for name in ("first", "second"):
            actor = data.get(name)
            if actor and not actor.emails.exists():
                text = _("%(name)s has no e-mail address. Add one, or introduce them in person.")
                self.add_error(name, text % {"name": actor})
        if data.get("first") and data.get("first") == data.get("second"):
            self.add_error("second", _("An introduction needs two different actors."))
        return data


def suggested_text() -> str:
    with translation.override("de"):  # the mail's language
        return _("Good day,\n\nI would like to introduce you to each other, because …")


@transaction.atomic
def introduce(
    first: Actor, second: Actor, *, by: User, text: str, submission: UUID
) -> Introduction:
    """Keep the introduction and write one mail to both; the same form sent twice does it once.

    Both stand in it as its visible recipients, so that an answer to all reaches the other. Both
    actors have an e-mail address.
    """
    made = Introduction(first=first, second=second, by=by, text=text, submission=submission)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:  # the button was pressed twice
        return Introduction.objects.get(submission=submission)
    _write(made, [(actor, str(actor.emails.all()[0])) for actor in (first, second)])
    return made


def _write(made: Introduction, pairs: list[tuple[Actor, str]]) -> None:
    (_first, to), (_second, also_to) = pairs
    with translation.override("de"):
        subject = _("Introduction: %(first)s and %(second)s")
    post(
        key=f"introduction-{made.pk}",
        to=to,
        also_to=[also_to],
        subject=subject % {"first": made.first, "second": made.second},
        template="actors/email/introduction",
        context={"introduction": made, "pairs": pairs},
        centre=made.first.centre,
        is_automatic=False,
    )

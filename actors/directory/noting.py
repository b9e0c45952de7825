"""What the office knows of an actor, written by one colleague for the others."""

from datetime import timedelta

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.directory.models import Actor, ActorNote
from zentrum.accounts.models import User

LONGEST_NOTE = 5000
SAME_NOTE_WITHIN = timedelta(minutes=10)  # the button was pressed twice


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("What do you know?"),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Local knowledge for the colleagues, with your name and the date."),
    )


@transaction.atomic
def add_note(actor: Actor, *, author: User, text: str) -> ActorNote:
    """Keep what somebody knows of an actor; the same note sent twice stands there once."""
    Actor.objects.select_for_update().get(pk=actor.pk)
    since = timezone.now() - SAME_NOTE_WITHIN
    own = actor.notes.filter(author=author, text=text, created_at__gte=since)
    return own.first() or ActorNote.objects.create(actor=actor, author=author, text=text)

"""Support an idea: asked for on its page, counted once the address is confirmed, withdrawn."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from projects.ideas.models import Idea
from projects.ideas.supporters import Supporter, person_of
from zentrum.common.links import absolute
from zentrum.mail.services import post

KEPT_UNCONFIRMED = timedelta(days=30)


@transaction.atomic
def ask(idea: Idea, *, email: str, name: str, language: str) -> None:
    """Mail the link that confirms a voice, at most once a day to one person.

    Who has confirmed already gets no mail: nobody learns from the page who supports what.
    Raises ValidationError when the idea is not open to support (any more), or the address is wrong.
    """
    if not (idea.released_at and idea.may_be_supported):
        raise ValidationError(_("This idea is decided: it no longer takes voices."), code="closed")
    fresh = Supporter(idea=idea, email=email.strip().lower(), person=person_of(email), name=name)
    fresh.full_clean(validate_unique=False, validate_constraints=False)
    values = {"email": fresh.email, "name": name, "language": language}
    voice, _is_new = Supporter.objects.get_or_create(
        idea=idea, person=fresh.person, defaults=values
    )
    if voice.confirmed_at:
        return
    with override(language):
        subject = _("Please confirm: you support “%(title)s”") % {"title": idea.title}
    post(
        key=f"idea-support-{voice.pk}-{timezone.localdate()}",
        to=voice.email,
        subject=subject,
        template="projects/email/idea_support",
        context={"idea": idea, "voice": voice, "url": absolute(voice.get_link())},
        carrier=idea.carrier,
        centre=idea.centre,
        language=language,
    )


def confirm(voice: Supporter) -> None:
    """The address is theirs: the voice counts from now on."""
    now = timezone.now()
    unconfirmed = Supporter.objects.filter(pk=voice.pk, confirmed_at__isnull=True)
    unconfirmed.update(confirmed_at=now, updated_at=now)


def withdraw(voice: Supporter) -> None:
    """Delete the voice and its address, also where the idea was merged into another one."""
    akin = Idea.objects.akin_to(voice.idea)
    Supporter.objects.filter(person=voice.person, idea__in=akin).delete()


def pass_on(source: Idea, target: Idea) -> None:
    """Who supported a merged idea supports the one it goes on in, once."""
    voices = [
        Supporter(
            idea=target,
            email=voice.email,
            person=voice.person,
            name=voice.name,
            language=voice.language,
            confirmed_at=voice.confirmed_at,
        )
        for voice in Supporter.objects.filter(idea=source).confirmed()
    ]
    Supporter.objects.bulk_create(voices, ignore_conflicts=True)
    there = Supporter.objects.filter(idea=target, person__in=[voice.person for voice in voices])
    there.filter(confirmed_at__isnull=True).update(confirmed_at=timezone.now())


def forget_unconfirmed(now: datetime) -> int:
    """Delete the addresses that nobody confirmed within a month; returns how many."""
    old = Supporter.objects.filter(confirmed_at__isnull=True, created_at__lt=now - KEPT_UNCONFIRMED)
    return old.delete()[0]

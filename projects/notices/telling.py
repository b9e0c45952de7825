"""Who lives and works around a building site is told of it: each once, by mail or by letter."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from actors.care.telling import address_of
from actors.directory.models import Actor, ActorQuerySet
from actors.exchange.post import context_of
from projects.notices.models import SiteNotice, SiteNoticeRecipient
from projects.notices.nearby import actors_in
from zentrum.common.links import absolute
from zentrum.common.queueing import queue_on_commit
from zentrum.files.pdf import pdf
from zentrum.mail import tasks
from zentrum.mail.models import OutgoingMail
from zentrum.mail.services import draft

Way = SiteNoticeRecipient.Way


@dataclass(frozen=True)
class Neighbour:
    """An actor around the site, and how they can be told; "" when in no written way."""

    actor: Actor
    way: str
    told: SiteNoticeRecipient | None = None

    @property
    def way_in_words(self) -> str:
        return str(dict(Way.choices).get(self.way, _("only in person")))


def around(notice: SiteNotice) -> ActorQuerySet:
    """The actors of the centre whom the site disturbs."""
    here = Actor.objects.active().filter(centre=notice.project.centre_id)
    return actors_in(notice.area, notice.buffer, here)


def neighbours(notice: SiteNotice) -> list[Neighbour]:
    """Everybody around the site by name, and whoever was told before. Five queries."""
    told = {row.actor_id: row for row in notice.recipients.select_related("mail")}
    rows = Actor.objects.filter(pk__in=[*around(notice).values_list("pk", flat=True), *told])
    rows = rows.select_related("centre__town").prefetch_related(
        "emails", "addresses", "phones", "sectors"
    )
    return [
        Neighbour(
            actor, told[actor.pk].way if actor.pk in told else _way(actor), told.get(actor.pk)
        )
        for actor in rows.order_by("sort_text", "pk")
    ]


def _way(actor: Actor) -> str:
    if address_of(actor):
        return Way.MAIL
    main = next((address for address in actor.addresses.all() if address.is_main), None)
    return Way.LETTER if main and main.street and (main.postcode or main.town) else ""


def write_mails(notice: SiteNotice, actors: Iterable[Actor]) -> dict[int, int]:
    """The mail of each actor, by primary keys; two shops of one owner share a mail."""
    keys = {actor.pk: _key(notice, address_of(actor)) for actor in actors}
    drafts = {keys[actor.pk]: _draft(notice, actor, keys[actor.pk]) for actor in actors}
    OutgoingMail.objects.bulk_create(drafts.values(), ignore_conflicts=True)
    written = dict(OutgoingMail.objects.filter(key__in=drafts).values_list("key", "pk"))
    for pk in written.values():
        queue_on_commit(tasks.deliver, pk)
    return {actor: written[key] for actor, key in keys.items()}


def _key(notice: SiteNotice, email: str) -> str:
    return f"site-notice:{notice.pk}:{sha256(email.lower().encode()).hexdigest()[:32]}"


def _draft(notice: SiteNotice, actor: Actor, key: str) -> OutgoingMail:
    project = notice.project
    with override(settings.LANGUAGE_CODE):
        subject = _("Building site: %(title)s") % {"title": notice.title}
    return draft(
        key=key,
        to=address_of(actor),
        subject=subject,
        template="projects/email/site_notice",
        context={"notice": notice, "project": project, "url": _public_url(notice)},
        carrier=project.carrier,
        centre=project.centre,
        language=settings.LANGUAGE_CODE,
    )


def _public_url(notice: SiteNotice) -> str:
    is_public = notice.is_public and notice.project.is_public
    return absolute(notice.project.get_public_url()) if is_public else ""


def letters(notice: SiteNotice) -> bytes:
    """A PDF with one page for everybody who is told by letter.

    Raises ValidationError when nobody is.
    """
    with override(settings.LANGUAGE_CODE):
        data = sheet(notice)
        if not data["addresses"]:
            raise ValidationError(_("Nobody is told by letter."))
        return pdf("site_notice.typ", data)


def sheet(notice: SiteNotice) -> dict[str, Any]:
    """What the letters say, and the lines of each address."""
    told = [one.actor for one in neighbours(notice) if one.told and one.way == Way.LETTER]
    town = notice.project.centre.town
    return {
        "title": _("Building site: %(title)s") % {"title": notice.title},
        "office": f"{town.office_name} {town.name}",
        "sender": " · ".join(filter(None, [notice.project.centre.address, town.phone, town.email])),
        "day": formats.date_format(timezone.localdate(), "SHORT_DATE_FORMAT"),
        "when": notice.days_in_words,
        "greeting": _("Good day,"),
        "project": _("It is part of the project “%(title)s”.") % {"title": notice.project.title},
        "text": notice.text,
        "ask": _("Whom to ask: %(contact)s") % {"contact": notice.contact},
        "link": _public_url(notice),
        "addresses": [_lines(actor) for actor in told],
    }


def _lines(actor: Actor) -> list[str]:
    words = context_of(actor)
    lines = [words["name"], words["strasse"], f"{words['plz']} {words['ort']}".strip()]
    return [line for line in lines if line]

"""The mail by which actors learn who their contact person is now."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from actors.care.models import Handover
from actors.directory.models import Actor
from zentrum.common.queueing import queue_on_commit
from zentrum.mail import tasks
from zentrum.mail.models import OutgoingMail
from zentrum.mail.services import draft


def still_theirs(handover: Handover) -> list[Actor]:
    """The actors that the new person looks after as it was handed over, with their e-mails."""
    theirs = handover.actors.active().filter(
        contact_persons__user=handover.to_user, contact_persons__starts_on=handover.on
    )
    return list(theirs.order_by("sort_text", "pk").prefetch_related("emails"))


def address_of(actor: Actor) -> str:
    """The main e-mail address, else the first one, else nothing."""
    return next((row.email for row in actor.emails.all()), "")


def write_mails(handover: Handover) -> int:
    """One row of the outbox per actor with an address, never a second one; returns how many.

    One query for all of them, and the worker is told once this transaction is committed.
    """
    mails = list(_drafts(handover, still_theirs(handover)))
    OutgoingMail.objects.bulk_create(mails, ignore_conflicts=True)
    keys = [mail.key for mail in mails]
    for pk in OutgoingMail.objects.filter(key__in=keys).values_list("pk", flat=True):
        queue_on_commit(tasks.deliver, pk)
    return len(mails)


def _drafts(handover: Handover, actors: Iterable[Actor]) -> Iterator[OutgoingMail]:
    person, centre = handover.to_user, handover.centre
    with override(settings.LANGUAGE_CODE):
        subject = _("Your contact person at the office: %(person)s") % {"person": person}
    for actor in actors:
        try:
            yield draft(
                key=f"handover:{handover.pk}:{actor.pk}",
                to=address_of(actor),
                subject=subject,
                template="actors/email/contact_person",
                context={
                    "actor": actor,
                    "person": person,
                    "day": handover.on,
                    "is_to_come": handover.on > timezone.localdate(),
                },
                carrier=centre.carrier,
                centre=centre,
                language=settings.LANGUAGE_CODE,
                reply_to=person.email,
            )
        except ValidationError:  # no address, or one that no mail reaches: the file says so
            continue

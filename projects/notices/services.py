"""What happens to a site notice: saved as long as nobody knows of it, told to the neighbours."""

from typing import TYPE_CHECKING

import pghistory
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.notices import telling
from projects.notices.models import SiteNotice, SiteNoticeRecipient
from projects.notices.telling import Way
from zentrum.office.boundaries import is_far_from

if TYPE_CHECKING:
    from zentrum.accounts.models import User

MOST_RECIPIENTS = 2000


@transaction.atomic
def save_notice(notice: SiteNotice, *, by: "User") -> None:
    """Save a site notice, as long as nobody was told of it.

    Raises ValidationError when its area lies far from the centre, or when people were told already.
    """
    with pghistory.context(user=by.pk):
        if notice.pk and _locked(notice).told_at:
            raise ValidationError(
                _("People have been told of this already. Please write a new site notice."),
                code="told",
            )
        centre = notice.project.centre
        if is_far_from(notice.area, centre.latitude, centre.longitude):
            text = _("This area lies far from %(centre)s. Are longitude and latitude swapped?")
            raise ValidationError(text, code="far", params={"centre": centre.name})
        notice.full_clean()
        notice.save()


def _locked(notice: SiteNotice) -> SiteNotice:
    rows = SiteNotice.objects.select_for_update(of=("self",))
    return rows.select_related("project__centre__carrier", "project__carrier").get(pk=notice.pk)


@transaction.atomic
def tell(notice: SiteNotice, *, by: "User") -> int:
    """Tell everybody around who was not told yet; returns how many that were.

    The mails are rows of the outbox with one key per address, the letters are noted and printed by
    `telling.letters`. The notice's row is locked: a second press finds everybody told.
    """
    with pghistory.context(user=by.pk):
        row = _locked(notice)
        new = [one for one in telling.neighbours(row) if one.way and not one.told]
        if len(new) > MOST_RECIPIENTS:
            raise ValidationError(
                _("More than %(most)s actors are around this site. Please draw a smaller area."),
                code="many",
                params={"most": MOST_RECIPIENTS},
            )
        mails = telling.write_mails(row, [one.actor for one in new if one.way == Way.MAIL])
        SiteNoticeRecipient.objects.bulk_create(
            SiteNoticeRecipient(
                notice=row,
                actor=one.actor,
                way=Way.MAIL if one.actor.pk in mails else Way.LETTER,
                mail_id=mails.get(one.actor.pk),
            )
            for one in new
            if one.way == Way.LETTER or one.actor.pk in mails
        )
        if not row.told_at:
            row.told_at = timezone.now()
            row.save(update_fields=["told_at", "updated_at"])
    notice.refresh_from_db()
    return len(new)

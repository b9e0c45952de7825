"""The case that another one may belong to: shown with one click to follow it."""

from contacts.cases.models import Case
from contacts.mailbox.models import IncomingMail
from zentrum.accounts.models import User


def suggestion_for(case: Case, user: User) -> Case | None:
    """The case that was suggested when the mail came, if this person may merge and see it."""
    if case.channel != Case.Channel.EMAIL or not user.has_perm("contacts.sort_mail"):
        return None
    wanted = IncomingMail.objects.filter(case=case, suggested__isnull=False).values("suggested")
    return Case.objects.visible_to(user).filter(pk__in=wanted).exclude(pk=case.pk).first()

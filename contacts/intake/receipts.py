from django.utils import translation
from django.utils.translation import gettext as _

from contacts.cases import mailing
from contacts.cases.links import confirm_url
from contacts.cases.models import Case
from zentrum.mail.models import OutgoingMail


def post_receipt(case: Case) -> OutgoingMail:
    """Tell the sender that the matter has arrived: reference, promised date, who answers, code.

    What came through the public form also gets the link that confirms the e-mail address.
    """
    is_online = case.channel == Case.Channel.ONLINE
    with translation.override(case.sender_language):
        subject = _("We have received your message: %(subject)s") % {"subject": case.subject}
    return mailing.post_about(
        case,
        key=f"case-{case.pk}-receipt",
        subject=subject,
        template="contacts/email/receipt",
        context={"confirm_url": confirm_url(case) if is_online else ""},
    )

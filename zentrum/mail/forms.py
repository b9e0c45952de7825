from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zentrum.mail.models import OutgoingMailQuerySet

STATES = [
    ("", _("all")),
    ("waiting", _("waiting")),
    ("sent", _("sent")),
    ("given_up", _("given up")),
    ("bounced", _("came back")),
]


class OutboxFilterForm(forms.Form):
    q = forms.CharField(label=_("Recipient or subject"), required=False, max_length=200)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)

    def apply(self, mails: OutgoingMailQuerySet) -> OutgoingMailQuerySet:
        if not self.is_valid():
            return mails
        if words := self.cleaned_data["q"]:
            mails = mails.filter(Q(to__icontains=words) | Q(subject__icontains=words))
        match self.cleaned_data["state"]:
            case "waiting":
                return mails.unsent()
            case "sent":
                return mails.filter(sent_at__isnull=False, bounced_at__isnull=True)
            case "given_up":
                return mails.filter(given_up_at__isnull=False)
            case "bounced":
                return mails.filter(bounced_at__isnull=False)
        return mails

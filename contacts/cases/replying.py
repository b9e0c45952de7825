"""The form of an answer: whom it goes to, what it says, its files, and what comes then."""

import re
from collections.abc import Collection, Iterable
from copy import deepcopy
from email.utils import parseaddr
from itertools import chain
from typing import Any, Self, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.cases import drafts
from contacts.cases.forms import LONGEST_TEXT, ActionForm, long_text
from contacts.cases.messages import Message, ReplyDraft
from contacts.cases.models import Case
from zentrum.accounts.models import User
from zentrum.common.forms import DateInput
from zentrum.files.checking import ACCEPT
from zentrum.files.forms import MOST_FILES, FilesField, FilesInput
from zentrum.files.models import StoredFile
from zentrum.mail.services import distinct
from zentrum.office.models import Carrier

MOST_RECIPIENTS = 20
LONGEST_LIST = 5000


class AddressesField(forms.CharField):
    """E-mail addresses between commas, also as `Name <address>`; cleans to a list, each once."""

    def __init__(self, **options: Any) -> None:
        options |= {"max_length": LONGEST_LIST, "required": False}
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        parts = re.split(r"[,;\n]", super().clean(value).replace("\r", "\n"))
        return distinct([_address(part.strip()) for part in parts if part.strip()])


def _address(part: str) -> str:
    named = re.fullmatch(r"[^<>]*<([^<>]+)>", part)
    address = (named.group(1) if named else part).strip()
    try:
        validate_email(address)
    except ValidationError:
        message = _("“%(part)s” is no e-mail address. Please write commas between addresses.")
        raise ValidationError(message, params={"part": part[:100]}) from None
    return address


class ReplyForm(ActionForm):
    name = "reply"
    KEEP, CLOSE, WAIT = "keep", "close", "wait"
    to = AddressesField(label=gettext_lazy("To"))
    cc = AddressesField(
        label=gettext_lazy("Cc"),
        help_text=gettext_lazy("All recipients see each other. Write commas between addresses."),
    )
    text = long_text(gettext_lazy("Answer"), rows=7)
    kept = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Files of your draft"),
        queryset=StoredFile.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    files: Any = FilesField(required=False)
    by_mail = forms.BooleanField(
        label=gettext_lazy("Send by e-mail"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "Off: the answer is only recorded, as given on the phone or in person."
        ),
    )
    then = forms.ChoiceField(
        label=gettext_lazy("And then?"),
        choices=[
            (CLOSE, gettext_lazy("Close the case as answered")),
            (KEEP, gettext_lazy("Keep it open")),
            (WAIT, gettext_lazy("Wait for the sender")),
        ],
        initial=CLOSE,
        widget=forms.RadioSelect,
    )
    until = forms.DateField(
        label=gettext_lazy("Until"),
        widget=DateInput,
        required=False,
        help_text=gettext_lazy(
            "If it stays open or waits. Empty: the working days that the town promises."
        ),
    )

    def __init__(self, *args: Any, draft: ReplyDraft | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.case.sender_email:
            del self.fields["by_mail"], self.fields["to"], self.fields["cc"]
        if self.case.is_closed:
            del self.fields["then"], self.fields["until"]
        self._offer_files(draft)

    def _offer_files(self, draft: ReplyDraft | None) -> None:
        limit = filesizeformat(most_bytes())
        words = _("At most %(most)s files, together at most %(limit)s.")
        self.fields["files"].help_text += " " + words % {"most": MOST_FILES, "limit": limit}
        hint = {"accept": ACCEPT, "data-most-bytes": str(most_bytes())}
        hint["data-too-much"] = _("Together more than %(limit)s.") % {"limit": limit}
        self.fields["files"].widget = FilesInput(attrs=hint)
        if draft and (kept := list(draft.files.order_by("pk"))):
            choice: Any = self.fields["kept"]
            choice.queryset = draft.files.all()
            choice.initial = kept
        else:
            del self.fields["kept"]

    @classmethod
    def begun(cls, case: Case, seen: int, draft: ReplyDraft | None) -> Self:
        """The form as its author left it; the recipient is the sender unless they chose others."""
        words = {"text": draft.text, "cc": draft.cc} if draft else {}
        to = (draft.to if draft else "") or case.sender_email
        return cls(case=case, draft=draft, initial={"seen": seen, "to": to} | words)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if self.add_prefix("to") not in self.data:  # a page from before recipients were shown
            data["to"] = [self.case.sender_email] if self.case.sender_email else []
        if data.get("by_mail"):
            self._check_recipients(data)
        chosen = [*data.get("kept", ()), *data.get("files", ())]
        if sum(file.size for file in chosen) > most_bytes():
            words = _("The files are together larger than %(limit)s. Nothing was sent.")
            words += " " + _("Please leave some out, or send them in two answers.")
            self.add_error("files", words % {"limit": filesizeformat(most_bytes())})
        return data

    def _check_recipients(self, data: dict[str, Any]) -> None:
        to, cc = data.get("to"), data.get("cc") or []
        if to is None:  # it has an error of its own
            return
        if not to:
            self.add_error("to", _("Please say whom the answer goes to."))
        if len(to) + len(cc) > MOST_RECIPIENTS:
            words = _("Please choose at most %(most)s recipients.") % {"most": MOST_RECIPIENTS}
            self.add_error("to", words)

    def keep(self, user: User) -> None:
        """Keep what was typed and chosen as the draft, so that a refusal loses nothing."""
        words = {name: self.data.get(self.add_prefix(name), "") for name in ("text", "to", "cc")}
        uploads = self.cleaned_data.get("files", ())
        if drafts.is_sent(self.case, user, words["text"]):
            return  # the button was pressed twice
        if not (uploads or drafts.of(user, self.case) or self._is_begun(words)):
            return
        draft = drafts.save(user, self.case, **words | {"text": words["text"][:LONGEST_TEXT]})
        kept = [file.pk for file in self.cleaned_data.get("kept", ())]
        try:
            drafts.keep_files(draft, uploads, kept)
        except ValidationError as refusal:  # there is no room for them
            self.add_error("files", refusal)
        self._show_files(draft)

    def _is_begun(self, words: dict[str, str]) -> bool:
        others = words["to"].strip() not in ("", self.case.sender_email)
        return bool(words["text"].strip() or words["cc"].strip() or others)

    def _show_files(self, draft: ReplyDraft) -> None:
        self.fields["kept"] = deepcopy(self.base_fields["kept"])
        self._offer_files(draft)
        self.data = data = cast("QueryDict", self.data).copy()
        pks = [str(pk) for pk in draft.files.values_list("pk", flat=True)]
        data.setlist(self.add_prefix("kept"), pks)


def most_bytes() -> int:
    return settings.MAIL_MAX_MEGABYTES * 1024 * 1024


def everybody(case: Case, entries: Collection[Message]) -> tuple[list[str], list[str]]:
    """Who took part by mail so far, under To the sender and who was named there, then Cc.

    Also whom the sender's own mails name, and who wrote without being known to the case before:
    the page says so (`strangers`). At most two queries, none where no mail came in.
    """
    came_by_mail = any(entry.by_mail and not entry.stranger for entry in entries)
    to, cc = [case.sender_email], _named_by_the_sender(case) if came_by_mail else []
    for entry in entries:
        if entry.mail:
            named, copied = entry.mail.visible_recipients
            to, cc = [*to, *named], [*cc, *copied]
        cc.append(entry.stranger)
    to = distinct(filter(None, to))
    return to, distinct([*to, *filter(None, cc)])[len(to) :]


def _named_by_the_sender(case: Case) -> list[str]:
    """Everybody in the headers of the sender's mails, without the addresses of the office."""
    mails = case.incoming_mails.filter(message__kind=Message.Kind.INCOMING, message__stranger="")
    named = chain.from_iterable(mails.order_by("pk").values_list("people", flat=True))
    # The key is enough to find the mailboxes: nothing of the carrier itself is read.
    boxes = Carrier(pk=case.carrier_id).mailboxes.values_list("address", flat=True)
    office = {parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower(), *map(str.lower, boxes)}
    return [address for address in named if address.lower() not in office]


def strangers(case: Case, addresses: Iterable[str]) -> list[str]:
    """Which of these addresses the case knows only because they wrote to it. One query."""
    wrote = case.messages.filter(stranger__in=addresses).values_list("stranger", flat=True)
    return sorted(set(wrote) - {case.sender_email})

from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.directory.choosing import ActorChoice
from actors.directory.models import Actor
from contacts.cases.forms import ActionForm, long_text
from contacts.cases.messages import Attachment, Message
from contacts.cases.models import Case
from contacts.consultations.models import Consultation
from contacts.consultations.services import Letter, Recipient
from zentrum.accounts.models import User
from zentrum.common.forms import DateInput
from zentrum.files.forms import FilesField
from zentrum.files.models import StoredFile
from zentrum.office.working_time import OfficeCalendar

ANSWER_DAYS = 5  # working days that are proposed


class AttachmentsField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, attachment: Attachment) -> str:
        return attachment.file.name


class OutreachForm(ActionForm):
    """What goes to another office: only what is written, chosen and ticked here."""

    is_referral = False

    recipient = ActorChoice(
        label=_("Who gets it?"),
        allow_unknown=True,
        help_text=_("A name from the actors, or any other name with an e-mail address."),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Empty: the main address of the actor."),
    )
    subject = forms.CharField(
        label=_("Subject"),
        max_length=200,
        help_text=_("They read it. Please name the sender only where it is needed."),
    )
    text = long_text("", rows=6)
    attachments = AttachmentsField(
        label=_("Files of the case that they may see"),
        queryset=Attachment.objects.none(),
        required=False,
    )
    files = FilesField(label=_("More files"), required=False)
    due_on = forms.DateField(label=_("Answer by"), widget=DateInput)
    shares_sender = forms.BooleanField(label="", required=False)

    def __init__(self, *args: Any, user: User, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        visible = Actor.objects.visible_to(user).active()
        self.fields["recipient"].queryset = visible.filter(centre=case.centre_id)
        files = Attachment.objects.filter(message__case=case).select_related("file")
        if files := files.exclude(message__kind=Message.Kind.QUESTION):
            self.fields["attachments"].queryset = files.order_by("pk")
        else:
            del self.fields["attachments"]

    @classmethod
    def unbound(cls, case: Case, user: User, seen: int = 0) -> Self:
        calendar = OfficeCalendar.of(case.centre)
        due_on = calendar.add_working_days(timezone.localdate(), ANSWER_DAYS)
        initial = {"subject": case.subject, "due_on": due_on, "holds_case": True}
        return cls(case=case, user=user, initial=initial)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        who = cleaned.get("recipient")
        if who and not cleaned.get("email") and "email" not in self.errors:
            cleaned["email"] = _main_address(who)
            if not cleaned["email"]:
                self.add_error("email", ValidationError(_("Please give an e-mail address.")))
        return cleaned

    def letter(self, uploads: list[StoredFile]) -> Letter:
        """What they get, with the chosen files of the case and what was uploaded here."""
        given, who = self.cleaned_data, self.cleaned_data["recipient"]
        actor = who if isinstance(who, Actor) else None
        chosen = [attachment.file for attachment in given.get("attachments", ())]
        return Letter(
            recipient=Recipient(str(who), given["email"], actor),
            subject=given["subject"],
            text=given["text"],
            due_on=given["due_on"],
            files=[*chosen, *uploads],
            shares_sender=given["shares_sender"],
        )

    def options(self) -> dict[str, Any]:
        """What `services.ask` or `refer` takes beside the letter."""
        return {"version": self.cleaned_data["version"]}


def _main_address(who: Actor | str) -> str:
    if not isinstance(who, Actor):
        return ""
    address = who.emails.first()
    return address.email if address else ""


class AskForm(OutreachForm):
    name = "ask"
    label, button = _("Ask another office"), _("Send the question")
    holds_case = forms.BooleanField(label=_("The case waits for the answer"), required=False)

    def options(self) -> dict[str, Any]:
        return super().options() | {"holds_case": self.cleaned_data["holds_case"]}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What do you want to know?")
        self.fields["shares_sender"].label = _("Name and contact of the sender are passed on")
        self.fields["shares_sender"].help_text = _("Only if the question cannot do without.")


class ReferForm(OutreachForm):
    name = "refer"
    label, button = _("Refer the case"), _("Send the referral")
    is_referral = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What is it about, and what should they do?")
        self.fields["due_on"].label = _("We follow up on")
        self.fields["shares_sender"].label = _(
            "The sender agreed that name and contact are passed on"
        )


class AnswerForm(forms.Form):
    """What the other side says, by the link or noted by the desk."""

    ANSWER, NOT_RESPONSIBLE = "answer", "not_responsible"
    TAKE_OVER, REFUSE = "take_over", "refuse"
    decision = forms.ChoiceField(label=_("The right office?"), widget=forms.RadioSelect)
    text = long_text(
        _("Text"),
        rows=7,
        required=False,
        error_messages={"required": _("Please write a few words.")},
    )
    files = FilesField(required=False)

    def __init__(
        self, data: Any = None, files: Any = None, *, consultation: Consultation, **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
        field = self.fields["decision"]
        if consultation.is_referral:
            field.choices = [
                (self.TAKE_OVER, _("We take the matter over")),
                (self.REFUSE, _("We cannot take it over")),
            ]
            self.fields["text"].help_text = _("If you cannot: please give the reason.")
        else:
            field.choices = [
                (self.ANSWER, _("We can answer this")),
                (self.NOT_RESPONSIBLE, _("We are not responsible")),
            ]
            field.initial = self.ANSWER
            self.fields["text"].required = True
            self.fields["text"].help_text = _(
                "If you are not responsible: please write whom we should ask."
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_empty = not cleaned.get("text", "").strip() and "text" not in self.errors
        if is_empty and cleaned.get("decision") == self.REFUSE:
            self.add_error("text", ValidationError(_("Please write a few words."), code="required"))
        return cleaned


class NoteAnswerForm(AnswerForm):
    """The desk notes what they said on the phone: the same form, told of them."""

    WORDS: ClassVar[dict[str, Any]] = {
        AnswerForm.ANSWER: _("They have answered"),
        AnswerForm.NOT_RESPONSIBLE: _("They are not responsible"),
        AnswerForm.TAKE_OVER: _("They take the matter over"),
        AnswerForm.REFUSE: _("They cannot take it over"),
    }

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, consultation=consultation, **kwargs)
        decision = self.fields["decision"]
        decision.label = _("What did they say?")
        decision.choices = [(value, self.WORDS[value]) for value, _theirs in decision.choices]
        self.fields["text"].help_text = (
            _("If they cannot: the reason that they gave.")
            if consultation.is_referral
            else _("If they are not responsible: whom we should ask instead.")
        )

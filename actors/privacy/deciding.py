"""What a person decides on a proposal: keep the row with a reason, or carry the rule out."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actors.privacy import erasing, retention
from actors.privacy.models import RetentionProposal, RetentionRule
from actors.privacy.tracing import pointing_at, related

if TYPE_CHECKING:
    from zentrum.accounts.models import User

DataClass, Action = RetentionRule.DataClass, RetentionRule.Action
# What can be done with a class; a person is erased on its own page, after a look at all of it.
ACTIONS = {
    DataClass.CONTACT: (Action.ANONYMISE,),
    DataClass.CASE: (Action.OFFER, Action.DELETE),
    DataClass.DRAFT: (Action.DELETE,),
    DataClass.MAIL: (Action.ANONYMISE,),
    DataClass.VISIT: (Action.DELETE, Action.ANONYMISE),
}


@transaction.atomic
def keep(proposal: RetentionProposal, *, by: "User", reason: str) -> None:
    """Decide that a row stays although its time is over. Raises ValidationError when decided."""
    _lock(proposal)
    if not reason:
        raise ValidationError({"reason": _("Say why the row is kept.")})
    proposal.reason, proposal.is_kept = reason, True
    _decide(proposal, by)


@transaction.atomic
def carry_out(proposal: RetentionProposal, *, by: "User", is_offered: bool = False) -> None:
    """Do with the row what the rule says; the lock lets one of two people do it.

    Raises ValidationError when it is decided already, when the row is no longer due, or when it
    was not offered to the archive first (Anbietungspflicht).
    """
    _lock(proposal)
    rule = proposal.rule
    if rule.data_class == DataClass.CONTACT:
        raise ValidationError(_("A person is erased on the page of the actor."))
    if rule.action == Action.OFFER and not is_offered:
        raise ValidationError({"is_offered": _("First offer this row to the archive.")})
    if not retention.is_due(proposal, timezone.localdate()):
        raise ValidationError(_("This row is no longer due: something happened with it."))
    row = retention.row_of(proposal)
    if rule.action == Action.ANONYMISE:
        _forget_words(row)
    elif rule.data_class == DataClass.CASE:
        _delete_case(row)
    else:
        _delete(row)
    proposal.label = str(rule)  # a label may name somebody
    proposal.reason = str(_("Offered to the archive.")) if is_offered else ""
    _decide(proposal, by)


def _lock(proposal: RetentionProposal) -> None:
    rows = RetentionProposal.objects.select_for_update(of=("self",)).select_related("rule")
    proposal.refresh_from_db(from_queryset=rows)
    if proposal.decided_at:
        raise ValidationError(_("Somebody has decided this already."), code="decided")


def _decide(proposal: RetentionProposal, by: "User") -> None:
    proposal.decided_at, proposal.decided_by = timezone.now(), by
    proposal.save()


def _forget_words(row: Any) -> None:
    """Empty what was written; that there was something on this day stays for the counts."""
    model = type(row)
    values = erasing.CLEARED.get(model._meta.label_lower, {"text": ""})
    words = {name: erasing.placeholder() if v is None else v for name, v in values.items()}
    if model._meta.label_lower == erasing.MAIL:
        words["key"] = f"erased-{row.pk}"  # it may end with an address
    model._base_manager.filter(pk=row.pk).update(**words)
    _delete_history(model, [row.pk])


def _delete(row: Any) -> None:
    model, key = type(row), row.pk
    row.delete()
    _delete_history(model, [key])


def _delete_case(case: Any) -> None:
    """A case with all that was said, its mails, files and history; an idea of it stays."""
    model, key = type(case), case.pk
    messages = case.messages.all()
    message, said = messages.model, list(messages.values_list("pk", flat=True))
    mail = related(message, "mail")
    mails = set(messages.exclude(mail=None).values_list("mail", flat=True))
    mails |= set(case.reminders.exclude(mail=None).values_list("mail", flat=True))
    mails |= set(mail.objects.filter(key__startswith=f"case-{key}-").values_list("pk", flat=True))
    files = set(messages.exclude(attachments=None).values_list("attachments__file", flat=True))
    files |= set(case.incoming_mails.exclude(raw=None).values_list("raw", flat=True))
    submission = related(model, "submission")
    submission._base_manager.filter(case=case).delete()
    case.delete()
    mail._base_manager.filter(pk__in=mails).delete()
    erasing.delete_files(files)
    _delete_history(model, [key])
    _delete_history(message, said)


def _delete_history(model: Any, keys: list[Any]) -> None:
    for relation in pointing_at(model, events=True):
        if relation.field.name == "pgh_obj":
            relation.related_model._base_manager.filter(pgh_obj_id__in=keys).delete()

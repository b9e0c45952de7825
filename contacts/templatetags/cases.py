from datetime import date
from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from contacts.cases.messages import Message
from contacts.cases.models import Case
from zentrum.common.templatetags.kern import badge, icon

register = template.Library()
TONES = {Case.State.CLOSED: "success", Case.State.WAITING: "neutral", Case.State.OPEN: "info"}
ENTRIES = {  # the class of an entry of the timeline, and its icon
    Message.Kind.INCOMING: ("timeline__entry--in", "mail"),
    Message.Kind.OUTGOING: ("timeline__entry--out", "arrow-forward"),
    Message.Kind.NOTE: ("timeline__entry--note", "note"),
    Message.Kind.QUESTION: ("timeline__entry--note", "help"),
    Message.Kind.ADVICE: ("timeline__entry--note", "help"),
    Message.Kind.EVENT: ("timeline__entry--event", "info"),
}


@register.simple_tag
def case_state(case: Case, day: date) -> SafeString:
    """The state of a case in a badge, overdue as seen on this day, with what came of it."""
    is_overdue = case.state == Case.State.OPEN and case.reply_by < day
    escalation = case.escalation if is_overdue else Case.Escalation.NONE
    return _state(case.state, case.outcome, is_overdue, escalation, get_language())


@lru_cache(maxsize=128)
def _state(
    state: str, outcome: str, is_overdue: bool, escalation: int, language: str | None
) -> SafeString:
    """Kept, because each row of a list shows one of few; `language` is the key to the words."""
    if escalation:
        return badge(Case.Escalation(escalation).label, "danger")
    if is_overdue:
        return badge(_("overdue"), "danger")
    shown = badge(Case.State(state).label, TONES[Case.State(state)])
    return format_html("{} {}", shown, Case.Outcome(outcome).label) if outcome else shown


@register.filter
def at(values: dict, key: object) -> object:
    """What a mapping by id holds for this id, None when it holds nothing."""
    return values.get(key)


@register.simple_tag
def case_channel(case: Case) -> str:
    """How the case came in, in words."""
    return _channel(case.channel, get_language())


@lru_cache(maxsize=32)
def _channel(channel: str, language: str | None) -> str:
    return str(Case.Channel(channel).label)


@register.filter
def entry_class(kind: str) -> str:
    """How an entry of the timeline looks."""
    return ENTRIES[Message.Kind(kind)][0]


@register.filter
def entry_title(entry: Message) -> str:
    """What an entry of the timeline is, or what happened, in words."""
    return _title(entry.kind, entry.event, get_language())


@lru_cache(maxsize=128)
def _title(kind: str, event: str, language: str | None) -> str:
    return str(Message.Event(event).label if event else Message.Kind(kind).label)


@register.filter
@lru_cache(maxsize=16)
def entry_icon(kind: str) -> SafeString:
    return icon(ENTRIES[Message.Kind(kind)][1])

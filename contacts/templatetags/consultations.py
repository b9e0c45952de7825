from datetime import date

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from contacts.consultations.models import Consultation
from zentrum.common.templatetags.kern import badge

register = template.Library()
State = Consultation.State
TONES = {
    State.ASKED: "info",
    State.ANSWERED: "success",
    State.TAKEN_OVER: "success",
    State.REFUSED: "warning",
    State.WITHDRAWN: "neutral",
}


@register.simple_tag
def consultation_state(consultation: Consultation, day: date) -> SafeString:
    """The state in a badge, overdue as seen on this day."""
    if consultation.is_open and consultation.due_on < day:
        return badge(_("overdue"), "danger")
    if not consultation.is_responsible:
        return badge(_("not responsible"), "warning")
    return badge(consultation.get_state_display(), TONES[State(consultation.state)])

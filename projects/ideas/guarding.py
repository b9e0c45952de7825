"""Forms that everybody may send: a trap, the moment of showing, a limit; no puzzle."""

import time
from typing import Any, cast
from uuid import UUID, uuid4

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from zentrum.common.addresses import client_address
from zentrum.common.limits import exceeded
from zentrum.common.trap import TRAP, TrappedForm

SALT = "projects.ideas.shown"
FASTEST_SECONDS = 2
MOST_AN_HOUR = 20
HOUR = 3600


class GuardedForm(TrappedForm):
    """Says when it was shown, and which sending it is: the same key again is the same one."""

    shown = forms.CharField(required=False, widget=forms.HiddenInput)
    key: UUID

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["shown"] = sign()
        visible = [name for name in self.fields if name not in (TRAP, "shown")]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(*visible, "shown", self.trap())

    def clean(self) -> None:
        try:
            token, moment = signing.loads(self.cleaned_data.get("shown", ""), salt=SALT)
        except signing.BadSignature:
            self.data = data = cast("QueryDict", self.data).copy()
            data["shown"] = sign()
            raise ValidationError(_("Please look at it again, then send it once more.")) from None
        if time.time() - moment / 1000 < FASTEST_SECONDS:
            raise ValidationError(_("That was very quick. Please send it once more."))
        self.key = UUID(token)

    def is_within_limit(self, request: HttpRequest, name: str) -> bool:
        if not exceeded(name, client_address(request), most=MOST_AN_HOUR, seconds=HOUR):
            return True
        self.add_error(None, _("Too many at once. Nothing is lost: please try again in an hour."))
        return False


def sign() -> str:
    return signing.dumps([uuid4().hex, int(time.time() * 1000)], salt=SALT)

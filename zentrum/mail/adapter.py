"""The mails of sign-in (django-allauth) go through the outbox like every other."""

import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language

from zentrum.common.links import absolute
from zentrum.mail.services import post


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the office: nobody signs up."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A confidential row of the outbox, in the visitor's language; each call is a new mail."""
        subject = render_to_string(f"{template_prefix}_subject.txt", context)
        try:
            post(
                key=f"{template_prefix}:{uuid.uuid4()}",
                to=email,
                subject=subject,
                template=f"{template_prefix}_message",
                context=context | {"email": email},
                language=get_language() or settings.LANGUAGE_CODE,
                is_confidential=True,
            )
        except ValidationError:  # an address that no mail can reach: nobody to tell
            return

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _dash, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return absolute(path)

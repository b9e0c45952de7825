"""Let a new person set their password by a link that works once."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str

from zentrum.accounts.models import User


def invite(user: User) -> None:
    """Mail the person a link to set their password; it ends once used, or after three days."""
    adapter = get_adapter()
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    context = {"user": user, "password_reset_url": adapter.get_reset_password_from_key_url(key)}
    adapter.send_mail("account/email/invitation", user.email, context)

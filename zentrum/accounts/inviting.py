"""Let a new person set their password by a link that works once."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str

from zentrum.accounts.models import User


def password_link(user: User) -> str:
    """An address where the password can be set; it ends once used, or after three days."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    return get_adapter().get_reset_password_from_key_url(key)


def invite(user: User) -> None:
    """Mail the person a link to set their password."""
    context = {"user": user, "password_reset_url": password_link(user)}
    get_adapter().send_mail("account/email/invitation", user.email, context)

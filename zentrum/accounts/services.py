from allauth.account.models import EmailAddress
from django.db import transaction

from zentrum.accounts.inviting import invite
from zentrum.accounts.models import User


@transaction.atomic
def add_person(*, email: str, name: str, phone: str = "") -> User:
    """Make an account without a password and mail its owner the link to choose one.

    Raises ValidationError when the address is wrong or has an account already.
    """
    user = User.objects.create_user(email, None, name=name, phone=phone)
    invite(user)
    return user


@transaction.atomic
def change_person(user: User) -> None:
    """Save changed details; a former address no longer signs in or receives codes."""
    user.save()
    EmailAddress.objects.filter(user=user).exclude(email__iexact=user.email).delete()

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Exists
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zentrum.accounts.roles import OFFICE, PERMISSIONS, STAFF
from zentrum.common.models import TimeStampedModel, keep_history

if TYPE_CHECKING:
    from zentrum.office.models import Mandate


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


@keep_history(exclude=("password", "last_login"))
class User(AbstractBaseUser, TimeStampedModel):
    """A person who can sign in. What they may do follows from their mandates of today."""

    email = models.EmailField(_("E-mail address"), unique=True)
    name = models.CharField(_("Name"), max_length=150)
    phone = models.CharField(_("Phone"), max_length=40, blank=True)
    is_active = models.BooleanField(_("active"), default=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once_any_case")]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def current_mandates(self) -> "list[Mandate]":
        """The mandates that hold today; one query per request.

        It also says whether somebody absent has named this person as deputy, so that nobody asks
        for that on the many days on which it is not so. Most pages need no more of carrier and
        centre than their ids; `desks_of` reads both.
        """
        if not self.is_active:
            return []
        today = timezone.localdate()
        absences = self.deputises.filter(starts_on__lte=today, ends_on__gte=today)
        mandates = self.mandates.current(today).annotate(is_deputising=Exists(absences))
        return list(mandates.order_by("starts_on", "pk"))

    @cached_property
    def permissions(self) -> frozenset[str]:
        return frozenset().union(*(PERMISSIONS[role] for role in self.roles))

    @property
    def roles(self) -> set[str]:
        return {mandate.role for mandate in self.current_mandates}

    @property
    def is_office(self) -> bool:
        """Works at the desk: manager, deputy or desk staff."""
        return bool(self.roles & set(OFFICE))

    @property
    def is_staff(self) -> bool:
        """Must sign in with a second factor."""
        return bool(self.roles & set(STAFF))

    def has_perm(self, permission: str, obj: object = None) -> bool:
        return permission in self.permissions

    def has_perms(self, permissions: Iterable[str], obj: object = None) -> bool:
        return all(self.has_perm(permission) for permission in permissions)

    def has_module_perms(self, app_label: str) -> bool:
        return any(permission.startswith(f"{app_label}.") for permission in self.permissions)

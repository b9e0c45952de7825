"""What each role may do. A person holds a role through a dated mandate (`office.Mandate`).

Which rows of a kind they see is decided by `visible_to(user)` on each model; see the role matrix
in docs/roles.md.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    MANAGER = "manager", _("Town-centre manager")
    DEPUTY = "deputy", _("Deputy")
    DESK = "desk", _("Desk staff")
    CITY = "city", _("City administration")
    BODY_MEMBER = "body_member", _("Body member")
    TECHNICAL = "technical", _("Technical administrator")


DESK = {
    "contacts.view_today",
    "contacts.view_case",
    "contacts.add_case",
    "contacts.change_case",
    "contacts.view_followup",
    "contacts.view_reminder",
    "contacts.change_followup",
    "actors.view_actor",
    "actors.add_actor",
    "actors.change_actor",
    "actors.view_body",
    "actors.view_unit",
    "actors.change_unit",
    "actors.visit_actor",
    "actors.introduce_actor",
    "projects.view_idea",
    "projects.view_project",
    "projects.view_programme",
}
MANAGER = DESK | {
    "contacts.hand_over_case",
    "contacts.adopt_case",
    "contacts.change_wording",
    "contacts.release_submission",
    "contacts.sort_mail",
    "actors.import_actor",
    "actors.export_actor",
    "actors.change_body",
    "actors.hand_over_actor",
    "actors.merge_actor",
    "actors.erase_actor",
    "projects.change_idea",
    "projects.decide_idea",
    "projects.change_synonymgroup",
    "projects.add_project",
    "projects.change_project",
    "projects.change_programme",
    "projects.view_finance",
    "projects.change_finance",
    "mail.view_outgoingmail",
    "office.view_office",
    "office.change_office",
    "portal.view_dashboard",
}

PERMISSIONS: dict[str, set[str]] = {
    Role.MANAGER: MANAGER,
    Role.DEPUTY: MANAGER,
    Role.DESK: DESK,
    Role.CITY: {
        "projects.view_idea",
        "projects.view_project",
        "projects.view_programme",
        "projects.view_finance",
        "portal.view_dashboard",
    },
    Role.BODY_MEMBER: {
        "projects.view_idea",
        "projects.view_project",
        "projects.view_programme",
    },
    Role.TECHNICAL: {"accounts.view_user", "accounts.add_user", "accounts.change_user"},
}

LEADING = (Role.MANAGER, Role.DEPUTY)
OFFICE = (Role.MANAGER, Role.DEPUTY, Role.DESK)
STAFF = (*OFFICE, Role.CITY, Role.TECHNICAL)

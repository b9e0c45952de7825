"""The menus of the three doors. An entry whose page does not exist, or may not be seen, is left out."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    """A line of a menu: what it says, the URL name it leads to, the permission it needs."""

    label: str | Promise
    url_name: str
    permission: str = ""
    signed_in: bool | None = None  # None: shown to everybody


MENUS: dict[str, tuple[Entry, ...]] = {
    "public": (
        Entry(_("Home"), "portal:start"),
        Entry(_("Ideas and projects"), "portal:ideas_and_projects"),
        Entry(_("Take part"), "contacts:submission_create"),
        Entry(_("Office hours and contact"), "portal:contact"),
    ),
    "desk": (
        Entry(_("Today"), "contacts:today", "contacts.view_today"),
        Entry(_("Contact desk"), "contacts:case_list", "contacts.view_case"),
        Entry(_("Actors"), "actors:actor_list", "actors.view_actor"),
        Entry(_("Ideas"), "projects:idea_list", "projects.view_idea"),
        Entry(_("Projects"), "projects:project_list", "projects.view_project"),
        Entry(_("Overview for the city"), "portal:dashboard", "portal.view_dashboard"),
        Entry(_("Outbox"), "mail:outgoingmail_list", "mail.view_outgoingmail"),
        Entry(_("Imports"), "actors:import_list", "actors.import_actor"),
    ),
    "city": (
        Entry(_("Overview"), "portal:dashboard", "portal.view_dashboard"),
        Entry(_("Ideas"), "projects:idea_list", "projects.view_idea"),
        Entry(_("Projects"), "projects:project_list", "projects.view_project"),
    ),
    "footer": (
        Entry(_("Imprint"), "portal:imprint"),
        Entry(_("Privacy"), "portal:privacy"),
        Entry(_("Accessibility"), "portal:accessibility"),
        Entry(_("Report a barrier"), "portal:barrier"),
        Entry(_("Sign in"), "account_login", signed_in=False),
        Entry(_("To my work area"), "portal:door", signed_in=True),
    ),
}


def entries(name: str, request: HttpRequest) -> list[dict]:
    """The entries of a menu that this visitor may open, with the one of the current page marked."""
    user = request.user
    shown = []
    for entry in MENUS[name]:
        if entry.permission and not user.has_perm(entry.permission):
            continue
        if entry.signed_in is not None and entry.signed_in != user.is_authenticated:
            continue
        try:
            url = reverse(entry.url_name)
        except NoReverseMatch:
            continue
        shown.append(_marked(entry, url, request.path))
    return shown


def _marked(entry: Entry, url: str, path: str) -> dict:
    exact = path == url
    return {
        "label": entry.label,
        "url": url,
        "is_exact": exact,
        "is_current": exact or (url != "/" and path.startswith(url)),
    }

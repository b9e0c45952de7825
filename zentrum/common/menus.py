"""The menus of the three doors. What does not exist, or may not be seen, is left out."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
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
        Entry(_("Ideas"), "projects:idea_public_list"),
        Entry(_("Projects"), "projects:project_public_list"),
        Entry(_("Who is who"), "actors:directory_public"),
        Entry(_("Vacant premises"), "actors:vacancy_public"),
        Entry(_("Take part"), "contacts:idea_submit"),
        Entry(_("Office hours and contact"), "contacts:contact"),
    ),
    "desk": (
        Entry(_("Today"), "contacts:today", "contacts.view_today"),
        Entry(_("Contact desk"), "contacts:case_list", "contacts.view_case"),
        Entry(_("Actors"), "actors:actor_list", "actors.view_actor"),
        Entry(_("Premises"), "actors:unit_list", "actors.view_unit"),
        Entry(_("Ideas"), "projects:idea_list", "projects.view_idea"),
        Entry(_("Projects"), "projects:project_list", "projects.view_project"),
        Entry(_("Programme"), "projects:programme_list", "projects.view_programme"),
        Entry(_("Finance"), "projects:finance_overview", "projects.view_finance"),
        Entry(_("Bodies"), "actors:body_list", "actors.view_body"),
        Entry(_("Overview for the city"), "portal:dashboard", "portal.view_dashboard"),
        Entry(_("Held back"), "contacts:submission_list", "contacts.release_submission"),
        Entry(_("Incoming mail"), "contacts:mail_list", "contacts.sort_mail"),
        Entry(_("Outbox"), "mail:outgoing_list", "mail.view_outgoingmail"),
        Entry(_("Office"), "office:settings", "office.view_office"),
        Entry(_("People"), "accounts:user_list", "accounts.view_user"),
    ),
    "actors": (
        Entry(_("Directory"), "actors:actor_list", "actors.view_actor"),
        Entry(_("Network"), "actors:network", "actors.view_actor"),
        Entry(_("Who can help?"), "actors:expertise_search", "actors.view_actor"),
        Entry(_("Care"), "actors:care_radar", "actors.visit_actor"),
        Entry(_("Duplicates"), "actors:candidate_list", "actors.merge_actor"),
        Entry(_("Imports"), "actors:import_list", "actors.import_actor"),
        Entry(_("Data protection"), "actors:privacy_overview", "actors.erase_actor"),
    ),
    "premises": (
        Entry(_("Premises"), "actors:unit_list", "actors.view_unit"),
        Entry(_("Vacancy rate"), "actors:vacancy_rate", "actors.view_unit"),
        Entry(_("Surveys"), "actors:walk_list", "actors.view_unit"),
        Entry(_("Space requests"), "actors:space_request_list", "actors.view_unit"),
    ),
    "city": (
        Entry(_("Overview"), "portal:dashboard", "portal.view_dashboard"),
        Entry(_("Ideas"), "projects:idea_list", "projects.view_idea"),
        Entry(_("Projects"), "projects:project_list", "projects.view_project"),
        Entry(_("Programme"), "projects:programme_list", "projects.view_programme"),
        Entry(_("Finance"), "projects:finance_overview", "projects.view_finance"),
    ),
    "footer": (
        Entry(_("Imprint"), "portal:imprint"),
        Entry(_("Privacy"), "portal:privacy"),
        Entry(_("Accessibility"), "portal:accessibility"),
        Entry(_("Report a barrier"), "contacts:barrier_report"),
        Entry(_("State of my matter"), "contacts:status_lookup", signed_in=False),
        Entry(_("Sign in"), "account_login", signed_in=False),
        Entry(_("To my work area"), "portal:door", signed_in=True),
    ),
}


def entries(name: str, request: HttpRequest) -> list[dict]:
    """The entries of a menu that this visitor may open, with the one of the current page marked."""
    shown: list[dict[str, Any]] = [
        {"label": entry.label, "url": url, "is_exact": url == request.path, "is_current": False}
        for entry in MENUS[name]
        if _is_for(entry, request) and (url := _address(entry))
    ]
    within = [entry for entry in shown if _is_within(request.path, entry["url"])]
    if within:
        max(within, key=lambda entry: len(entry["url"]))["is_current"] = True
    return shown


def _is_for(entry: Entry, request: HttpRequest) -> bool:
    user = getattr(request, "user", None) or AnonymousUser()  # none on early error pages
    if entry.signed_in not in (None, user.is_authenticated):
        return False
    return not entry.permission or user.has_perm(entry.permission)


def _address(entry: Entry) -> str:
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return ""


def _is_within(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))

"""Where a person goes after signing in: to the first page of their role."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

DOORS = (
    ("contacts.view_today", "contacts:today"),
    ("portal.view_dashboard", "portal:dashboard"),
    ("projects.view_idea", "projects:idea_list"),
    ("accounts.view_user", "accounts:user_list"),
)


@never_cache
def door(request: HttpRequest) -> HttpResponseRedirect:
    for permission, url_name in DOORS:
        if request.user.has_perm(permission):
            return redirect(url_name)
    raise PermissionDenied

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from zentrum.portal import errors

urlpatterns = [
    path("", include("zentrum.portal.urls")),
    path("", include("contacts.urls")),
    path("", include("projects.urls")),
    path("", include("actors.urls")),
    path("postausgang/", include("zentrum.mail.urls")),
    path("buero/", include("zentrum.office.urls")),
    path("konto/", include("zentrum.accounts.urls")),
    path("konto/", include("allauth.urls")),
    path("sprache/", login_not_required(set_language), name="set_language"),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error

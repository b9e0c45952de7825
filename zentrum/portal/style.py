"""The page /stil/ shows every component once, for those who build pages."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Column, Fieldset, Layout, Reset, Row, Submit
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zentrum.common.forms import DateInput, DateTimeInput, PlaceField, TimeInput

CHOICES = [("retail", _("Retail")), ("food", _("Food and drink")), ("service", _("Services"))]
GROUPED = [
    (_("Trade"), CHOICES[:2]),
    (_("Other"), CHOICES[2:]),
]
MARKET_SQUARE = (52.5262, 13.3416)


class SampleForm(forms.Form):
    """Every kind of field that pages use."""

    title = forms.CharField(label=_("Title"), max_length=80, help_text=_("In a few words."))
    email = forms.EmailField(label=_("E-mail address"))
    phone = forms.CharField(
        label=_("Phone"), required=False, widget=forms.TextInput({"type": "tel"})
    )
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput, required=False)
    amount = forms.DecimalField(label=_("Amount in euro"), decimal_places=2, required=False)
    text = forms.CharField(label=_("Description"), widget=forms.Textarea)
    branch = forms.ChoiceField(label=_("Sector"), choices=[("", _("Please choose")), *GROUPED])
    branches = forms.MultipleChoiceField(
        label=_("Several sectors"), choices=CHOICES, required=False
    )
    way = forms.ChoiceField(
        label=_("How may we answer?"), choices=CHOICES, widget=forms.RadioSelect
    )
    topics = forms.MultipleChoiceField(
        label=_("Topics"),
        choices=CHOICES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Choose all that fit."),
    )
    agreed = forms.BooleanField(label=_("I have read the privacy notice."))
    newsletter = forms.BooleanField(
        label=_("Send me news"), required=False, help_text=_("You can stop it at any time.")
    )
    day = forms.DateField(label=_("Day"), widget=DateInput)
    clock = forms.TimeField(label=_("Time"), widget=TimeInput, required=False)
    moment = forms.DateTimeField(label=_("Moment"), widget=DateTimeInput, required=False)
    place = PlaceField(required=False)
    file = forms.FileField(label=_("File"), required=False, help_text=_("PDF or picture."))
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["place"].widget.centre = MARKET_SQUARE
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset(
                _("What is it about?"),
                "title",
                "text",
                Row(Column("branch"), Column("branches")),
                "topics",
                "place",
                "file",
            ),
            Fieldset(
                _("Who are you?"),
                Row("email", "phone"),
                Row("website", "password"),
                Row("amount", "day"),
                Row("clock", "moment"),
                "way",
                "agreed",
                "newsletter",
                "secret",
            ),
            ButtonHolder(Submit("save", _("Send")), Reset("reset", _("Reset"))),
        )


class SampleFilter(forms.Form):
    q = forms.CharField(label=_("Search"), required=False)
    branch = forms.ChoiceField(
        label=_("Sector"), choices=[("", _("All")), *CHOICES], required=False
    )
    since = forms.DateField(label=_("from"), widget=DateInput, required=False)


def for_people_who_work_here(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Anybody while developing, otherwise people with a mandate of the staff."""

    @login_not_required
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not settings.DEBUG:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not request.user.is_staff:
                raise PermissionDenied
        return view(request)

    return guarded


@for_people_who_work_here
@require_safe
def style_page(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/style.html", _samples(request))


@for_people_who_work_here
@require_safe
def style_points(request: HttpRequest) -> HttpResponse:
    """Three made-up places for the sample map (GeoJSON, RFC 7946)."""
    latitude, longitude = MARKET_SQUARE
    features = [
        {
            "type": "Feature",
            "geometry": {
                "type": "Point",
                "coordinates": [longitude + step * 0.002, latitude + step * 0.0007],
            },
            "properties": {"name": name, "url": "#map-list", "text": str(CHOICES[step][1])},
        }
        for step, name in enumerate(("Blumen Kühn", "Café am Markt", "Fahrrad Öztürk"))
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


def _samples(request: HttpRequest) -> dict[str, Any]:
    now, today = timezone.now(), timezone.localdate()
    refused = {"title": "", "email": "kein Zeichen", "place_0": "52.5", "day": "gestern"}
    return {
        "form": SampleForm(),
        "refused": SampleForm(refused, auto_id="refused_%s"),
        "filter": SampleFilter(request.GET, auto_id="filter_%s"),
        "points_url": reverse("portal:style_points"),
        "page_obj": Paginator(range(500), 50).get_page(request.GET.get("page", 3)),
        "tabs": [
            {"label": _("All"), "url": "?tab=all", "is_current": True, "count": 12},
            {"label": _("Waiting"), "url": "?tab=waiting", "is_current": False, "count": 4},
            {"label": _("Closed"), "url": "?tab=closed", "is_current": False, "count": None},
        ],
        "days": [today + timedelta(days=distance) for distance in (-30, -3, -1, 0, 1, 5, 40)],
        "now": now,
        "icons": ICONS,
    }


ICONS = """
    account-circle add arrow-back arrow-down arrow-forward arrow-up autorenew calendar-today check
    checklist chevron-left chevron-right close content-copy danger delete download draft
    drive-folder-upload edit flag group help home idea info logout mail more-vert note open-in-new
    person phone place search success visibility visibility-off warning
""".split()  # noqa: SIM905 - a list of forty lines says no more

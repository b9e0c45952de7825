"""Template tags for KERN's components and for what KERN lacks. Each one is shown on /stil/."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField, Select
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from zentrum.common import menus
from zentrum.common.money import euro

register = template.Library()
register.filter("euro", euro)

ICON_OF_TONE = {
    "neutral": "",
    "info": "info",
    "success": "success",
    "warning": "warning",
    "danger": "danger",
}
LIGHTS = {
    "green": (gettext_lazy("Green"), "success"),
    "yellow": (gettext_lazy("Yellow"), "warning"),
    "red": (gettext_lazy("Red"), "danger"),
}
RELATIVE_DAYS = 6  # farther away, people think in dates


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """An icon by its KERN name; silent for screen readers unless it has a label."""
    classes = f"kern-icon kern-icon--{name}" + (f" kern-icon--{size}" if size else "")
    if label:
        return format_html('<span class="{}" role="img" aria-label="{}"></span>', classes, label)
    return format_html('<span class="{}" aria-hidden="true"></span>', classes)


@register.simple_tag(name="badge")
def badge(text: Any, tone: str = "neutral", icon_name: str = "") -> SafeString:
    """The state of a thing in a word; each tone has its icon, so colour is never alone.

    Made here and not in a template, because lists show one in every row.
    """
    shown = icon_name or ICON_OF_TONE.get(tone, "")
    return format_html(
        '<span class="kern-badge kern-badge--small kern-badge--{}">'
        '{}<span class="kern-label">{}</span></span>',
        tone,
        icon(shown) if shown else "",
        text,
    )


@register.inclusion_tag("components/alert.html")
def alert(text: Any, tone: str = "info", title: Any = "", level: int = 2) -> dict[str, Any]:
    """A notice in a frame: tone info, success, warning or danger. Without a title one line."""
    tone = tone if tone in ("success", "warning", "danger") else "info"
    return {"text": text, "tone": tone, "title": title, "level": level}


@register.filter
def message_tone(level_tag: str) -> str:
    """The tone of a Django message (django.contrib.messages)."""
    return {"error": "danger", "debug": "info"}.get(level_tag, level_tag or "info")


# --- finding one's way --------------------------------------------------------------------------


@register.inclusion_tag("components/menu.html", takes_context=True)
def menu(context: Context, name: str) -> dict[str, Any]:
    return {"entries": menu_entries(context, name)}


@register.simple_tag(takes_context=True)
def menu_entries(context: Context, name: str) -> list[dict]:
    request = context.get("request")
    return menus.entries(name, request) if request else []


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*parts: Any) -> dict[str, Any]:
    """The way to this page: label, address, label, address, …, and at the end this page's label."""
    pairs = list(zip(parts[:-1:2], parts[1::2], strict=False))
    return {"pairs": pairs, "here": parts[-1] if len(parts) % 2 else ""}


@register.inclusion_tag("components/tabs.html")
def tabs(items: list[dict], label: str, *, is_outer: bool = False) -> dict[str, Any]:
    """Links to the views of one thing. An item: label, url, is_current, and count if wanted.

    Outer tabs have a row of tabs below them: on a phone they keep the first one, which leads to
    all of them, and the current one.
    """
    return {"items": items, "label": label, "is_outer": is_outer}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Any, param: str = "page") -> dict[str, Any]:
    """Previous, numbers, next; keeps other GET parameters. A page without a count: no numbers."""
    numbers = []
    if hasattr(page, "paginator") and hasattr(page.paginator, "get_elided_page_range"):
        numbers = list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    previous = page.previous_page_number() if page.has_previous() else None
    following = page.next_page_number() if page.has_next() else None
    return {
        "page": page,
        "links": [(number, _query(context, **{param: number})) for number in numbers],
        "previous": _query(context, **{param: previous}) if previous else "",
        "following": _query(context, **{param: following}) if following else "",
    }


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(
    context: Context, label: Any, field: str, default: str = "", numeric: bool = False
) -> dict[str, Any]:
    """A sortable column: links to ?sort=field, then ?sort=-field. `default` is the list's order."""
    current = context["request"].GET.get("sort", default)
    state = {field: "ascending", f"-{field}": "descending"}.get(current, "")
    following = f"-{field}" if current == field else field
    return {
        "label": label,
        "state": state,
        "url": _query(context, sort=following, page=None),
        "numeric": numeric,
    }


def _query(context: Context, **changes: Any) -> str:
    request: HttpRequest = context["request"]
    parameters = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return "?" + parameters.urlencode()


@register.inclusion_tag("components/filter.html", takes_context=True)
def filter_form(context: Context, form: Any, count: int | None = None) -> dict[str, Any]:
    """The plain GET form above a list, with the number of rows found and a way back to all.

    More than one field folds on a phone, unless it narrows the list or has an error. A form whose
    fields want an order of their own names the template that has it in `filter_fields`.
    """
    request: HttpRequest = context["request"]
    kept = [(name, request.GET[name]) for name in ("sort", "tab") if name in request.GET]
    fields = form.visible_fields()
    return {
        "form": form,
        "fields": getattr(form, "filter_fields", "components/_filter_fields.html"),
        "is_folded": len(fields) > 1,
        "has_words": "q" in form.fields,
        "number": sum(_narrows(field, request.GET) for field in fields),
        "count": count,
        "kept": [(name, value) for name, value in kept if name not in form.fields],
        "path": request.path,
        "form_method": "get",
        "form_show_errors": True,
    }


def _narrows(field: BoundField, given: QueryDict) -> bool:
    """Filled in, and with something else than the list shows anyway."""
    values = [value for value in given.getlist(field.html_name) if value]
    return bool(values) and values != [_usual(field)]


def _usual(field: BoundField) -> str:
    """What a field says when nobody touched it: a drop-down says its first line."""
    if field.initial is not None:
        return str(field.initial)
    widget: Any = field.field.widget
    if not isinstance(widget, Select) or widget.allow_multiple_selected:
        return ""
    value, _label = next(iter(widget.choices), ("", ""))
    return str(value)


# --- saying how things stand --------------------------------------------------------------------


@register.simple_tag
def traffic_light(value: str, text: Any = "") -> SafeString:
    """The light of a project (Ampel): colour, shape and word. Value green, yellow or red.

    Made here and not in a template, because lists show one in every row.
    """
    word, tone = LIGHTS.get(value, (_("Not set"), "neutral"))
    return format_html(
        '<span class="light light--{}"><span class="light__shape" aria-hidden="true"></span>'
        '<span class="light__word">{}</span>{}</span>',
        tone,
        word,
        format_html('<span class="light__text">{}</span>', text) if text else "",
    )


@register.inclusion_tag("components/figure.html")
def figure(value: Any, label: Any, url: str = "", note: Any = "") -> dict[str, Any]:
    """A big number with its meaning; the address opens the rows behind it."""
    return {"value": value, "label": label, "url": url, "note": note}


@register.simple_tag
def figure_link(value: Any, url: str, label: Any) -> str:
    """A figure in a table that opens the rows behind it; who does not see the table hears what
    it counts. Behind a nought there are none. Made here and not in a template, because tables are
    full of them.
    """
    if not value:
        return str(value)
    return format_html(
        '<a class="nowrap" href="{}">{}<span class="kern-sr-only">: {}</span></a>',
        url,
        value,
        label,
    )


@register.inclusion_tag("components/progress.html")
def progress(value: float, maximum: float, label: Any, text: Any = "") -> dict[str, Any]:
    """A bar with its number in words, such as "3 of 5 milestones"."""
    text = text or _("%(value)s of %(maximum)s") % {"value": value, "maximum": maximum}
    return {"value": value, "maximum": maximum or 1, "label": label, "text": text}


@register.inclusion_tag("components/empty.html")
def empty(text: Any, action: Any = "", url: str = "") -> dict[str, Any]:
    """What an empty list says, and what to do next."""
    return {"text": text, "action": action, "url": url}


@register.inclusion_tag("components/open_now.html")
def open_now(is_open: bool, text: Any) -> dict[str, Any]:
    """The sign at the door: open or closed, and until when."""
    return {"is_open": is_open, "text": text}


@register.inclusion_tag("components/describe.html")
def describe(label: Any, value: Any) -> dict[str, Any]:
    """One line of a description list; nothing when the value is empty."""
    return {"label": label, "value": value}


@register.inclusion_tag("components/map.html", takes_context=True)
def map_frame(  # noqa: PLR0917 - templates name them
    context: Context, name: str, points: str, label: Any, area: str = "", cluster: bool = False
) -> dict[str, Any]:
    """A map of a GeoJSON address, with a way round it. An equal list must stand on the same page.

    `points` and `area` are addresses of GeoJSON. A feature's properties: name, url, and text and
    tone if wanted. The page also needs {% map_head %} and {% map_scripts %} in its blocks.
    """
    return {
        "name": name,
        "points": points,
        "area": area,
        "cluster": cluster,
        "label": label,
        "csp_nonce": context["request"].csp_nonce,
    }


@register.inclusion_tag("components/map_head.html")
def map_head(cluster: bool = False) -> dict[str, Any]:
    return {"cluster": cluster}


@register.inclusion_tag("components/map_scripts.html")
def map_scripts(cluster: bool = False) -> dict[str, Any]:
    return {"cluster": cluster}


# --- dates as people say them -------------------------------------------------------------------


@register.filter
def relative_day(value: date | datetime | None) -> SafeString | str:
    """Near days in words ("tomorrow", "3 days ago"), others as a date; the exact day as title."""
    if not value:
        return ""
    day = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return _day_element(day, timezone.localdate(), get_language())


@register.filter
def relative_moment(value: datetime | None) -> SafeString | str:
    """Like relative_day, with the time of day."""
    if not value:
        return ""
    moment = timezone.localtime(value)
    exact, words = _day_said(moment.date(), timezone.localdate(), get_language())
    clock = f"{moment:%H:%M}"
    said = _("%(day)s, %(clock)s") % {"day": words, "clock": clock}
    return _time(moment.isoformat(), f"{exact}, {clock}", said)


@lru_cache(maxsize=1024)
def _day_element(day: date, today: date, language: str | None) -> SafeString:
    return _time(day.isoformat(), *_day_said(day, today, language))


@lru_cache(maxsize=1024)
def _day_said(day: date, today: date, language: str | None) -> tuple[str, str]:
    """The exact day and the words for it. Both are kept, because a page repeats few days;
    `language` is the key to the words."""
    return formats.date_format(day, "l, j. F Y"), _day_in_words(day, today)


def _time(machine: str, exact: str, words: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, exact, words)


def _day_in_words(day: date, today: date) -> str:
    distance = (day - today).days
    near = {0: _("today"), 1: _("tomorrow"), -1: _("yesterday")}
    if distance in near:
        return near[distance]
    if abs(distance) > RELATIVE_DAYS:
        return formats.date_format(day, "SHORT_DATE_FORMAT")
    if distance > 0:
        return ngettext("in %(days)s day", "in %(days)s days", distance) % {"days": distance}
    return ngettext("%(days)s day ago", "%(days)s days ago", -distance) % {"days": -distance}

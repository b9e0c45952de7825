"""Tags of the look: states, ways, dates."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from zentrum.common import menus
from zentrum.common.menus import Entry


def render(source, *, address="/liste/", **context):
    context["request"] = RequestFactory().get(address)
    with translation.override("de"):
        return Template("{% load kern %}" + source).render(Context(context))


def addresses(html):
    return [part.split('"')[0].replace("&amp;", "&") for part in html.split('href="')[1:]]


@pytest.mark.parametrize(
    ("tone", "icon"),
    [("info", "info"), ("success", "success"), ("warning", "warning"), ("danger", "danger")],
)
def test_a_coloured_badge_has_an_icon_too(tone, icon):
    html = render("{% badge 'Fällig' tone %}", tone=tone)

    assert f"kern-badge--{tone}" in html
    assert f"kern-icon--{icon}" in html


def test_a_badge_escapes_its_text():
    assert "&lt;b&gt;" in render("{% badge text %}", text="<b>")


def test_an_icon_is_silent_unless_it_says_something():
    assert (
        render("{% icon 'mail' %}")
        == '<span class="kern-icon kern-icon--mail" aria-hidden="true"></span>'
    )
    assert 'role="img" aria-label="E-Mail"' in render("{% icon 'mail' label='E-Mail' %}")


@pytest.mark.parametrize("value", ["green", "yellow", "red", ""])
def test_the_traffic_light_says_its_colour_in_a_word(value):
    html = render("{% traffic_light value %}", value=value)

    word = {"green": "Grün", "yellow": "Gelb", "red": "Rot", "": "Nicht gesetzt"}[value]
    assert f'<span class="light__word">{word}</span>' in html


def test_a_figure_opens_its_rows_and_says_what_it_counts():
    shown = {"amount": Decimal("1234.5"), "url": "/x/?a=1&b=2", "label": "Land"}
    html = render("{% figure_link amount|euro url label %}", **shown)

    assert 'href="/x/?a=1&amp;b=2">1.234,50 €<span class="kern-sr-only">: Land</span></a>' in html


def test_pagination_keeps_the_filter_and_marks_the_page():
    page = Paginator(range(500), 50).page(3)

    html = render(
        "{% pagination page %}", page=page, address="/liste/?q=B%C3%A4nke&page=3&sort=-name"
    )

    assert set(addresses(html)) == {
        f"?q=B%C3%A4nke&page={number}&sort=-name" for number in (1, 2, 3, 4, 10)
    }
    assert html.count('aria-current="page"') == 1


def test_one_page_needs_no_pagination():
    assert render("{% pagination page %}", page=Paginator(range(3), 50).page(1)).strip() == ""


def test_a_page_without_a_count_has_previous_and_next_only():
    class Keyset:
        number = 2

        def has_previous(self):
            return True

        def has_next(self):
            return True

        def previous_page_number(self):
            return 1

        def next_page_number(self):
            return 3

    assert addresses(render("{% pagination page %}", page=Keyset())) == ["?page=1", "?page=3"]


@pytest.mark.parametrize(
    ("query", "state", "following"),
    [
        ("", "", "name"),
        ("?sort=name", "ascending", "-name"),
        ("?sort=-name", "descending", "name"),
        ("?sort=due", "", "name"),
    ],
)
def test_a_column_sorts_up_then_down_and_starts_at_the_first_page(query, state, following):
    address = f"/liste/{query or '?'}&page=7&q=x"

    html = render("{% sort_header 'Name' 'name' %}", address=address)

    (link,) = addresses(html)
    assert set(link.removeprefix("?").split("&")) == {f"sort={following}", "q=x"}
    assert (f'aria-sort="{state}"' in html) is bool(state)


def test_the_order_of_the_list_itself_is_marked_without_a_parameter():
    assert 'aria-sort="descending"' in render("{% sort_header 'Tag' 'day' default='-day' %}")


def test_the_breadcrumb_ends_where_we_are():
    html = render("{% breadcrumb 'Akteure' '/akteure/' 'Blumen Kühn' %}")

    assert addresses(html) == ["/akteure/"]
    assert '<li aria-current="page">Blumen Kühn</li>' in html


def test_nothing_is_described_when_there_is_nothing_to_say():
    assert render("{% describe 'Telefon' '' %}").strip() == ""


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 3, 2), "heute"),
        (date(2026, 3, 3), "morgen"),
        (date(2026, 3, 1), "gestern"),
        (date(2026, 3, 8), "in 6 Tagen"),
        (date(2026, 2, 24), "vor 6 Tagen"),
        (date(2026, 3, 9), "09.03.2026"),
        (date(2025, 12, 31), "31.12.2025"),
    ],
)
@time_machine.travel(datetime(2026, 3, 2, 12, tzinfo=UTC), tick=False)
def test_near_days_are_said_in_words(day, words):
    html = render("{{ day|relative_day }}", day=day)

    assert html.endswith(f">{words}</time>")
    assert f'datetime="{day.isoformat()}"' in html


@time_machine.travel(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), tick=False)  # 0:30 on the 2nd here
def test_a_moment_belongs_to_the_day_of_the_office():
    moment = datetime(2026, 3, 1, 23, 10, tzinfo=UTC)

    html = render("{{ moment|relative_moment }} {{ moment|relative_day }}", moment=moment)

    assert ">heute, 00:10</time>" in html
    assert 'title="Montag, 2. März 2026"' in html


@pytest.mark.parametrize("name", ["relative_day", "relative_moment"])
def test_no_date_says_nothing(name):
    assert render("{{ value|" + name + " }}", value=None) == ""


def test_a_filter_keeps_the_order_and_offers_a_way_back():
    class Filter(forms.Form):
        q = forms.CharField(required=False)

    address = "/liste/?q=x&sort=-name&page=4"
    html = render("{% filter_form form 1 %}", form=Filter({"q": "x"}), address=address)

    assert '<input type="hidden" name="sort" value="-name">' in html
    assert 'name="page"' not in html
    assert addresses(html) == ["/liste/"]
    assert "1 Eintrag" in html
    assert "<details" not in html, "one field needs no fold"


class Several(forms.Form):
    q = forms.CharField(required=False)
    order = forms.ChoiceField(choices=[("new", "new first"), ("old", "old first")], required=False)
    months = forms.ChoiceField(choices=[("3", "3"), ("6", "6")], initial="6", required=False)
    kinds = forms.MultipleChoiceField(choices=[("a", "a"), ("b", "b")], required=False)
    on = forms.DateField(required=False)


@pytest.mark.parametrize(
    ("query", "active"),
    [
        ("", None),
        ("q=&order=new&months=6&on=&sort=-name", None),
        ("q=x", "1 aktiv"),
        ("q=x&order=old&months=3&kinds=a&kinds=b&on=2026-03-02", "5 aktiv"),
        ("kinds=a", "1 aktiv"),
    ],
)
def test_a_filter_folds_until_it_narrows_the_list(query, active):
    form = Several(QueryDict(query))

    html = render("{% filter_form form %}", form=form, address=f"/liste/?{query}")

    assert bool(re.search(r"<details[^>]* open>", html)) == bool(active)
    assert re.findall(r"\d+ aktiv", html) == [active] * bool(active)
    assert ("Alle zeigen" in html) == bool(active)


def test_a_filter_with_an_error_stands_open():
    html = render("{% filter_form form %}", form=Several(QueryDict("on=x")), address="/?on=")

    assert re.search(r"<details[^>]* open>", html)


# --- menus --------------------------------------------------------------------------------------


class Visitor:
    is_authenticated = True

    def __init__(self, *permissions):
        self.permissions = permissions

    def has_perm(self, permission):
        return permission in self.permissions


def shown(monkeypatch, user, address="/"):
    lines = (
        Entry("Stil", "portal:style"),
        Entry("Farbe", "portal:town_css", "portal.view_dashboard"),
        Entry("Später", "portal:not_built_yet"),
        Entry("Anmelden", "set_language", signed_in=False),
    )
    monkeypatch.setitem(menus.MENUS, "sample", lines)
    request = RequestFactory().get(address)
    if user:
        request.user = user
    return menus.entries("sample", request)


def test_a_menu_shows_what_exists_and_may_be_opened(monkeypatch):
    def labels(user):
        return [entry["label"] for entry in shown(monkeypatch, user)]

    assert labels(Visitor()) == ["Stil"]
    assert labels(Visitor("portal.view_dashboard")) == ["Stil", "Farbe"]
    assert labels(None) == ["Stil", "Anmelden"]


@pytest.mark.parametrize(
    ("address", "current"), [("/stil/", "Stil"), ("/stil/orte.geojson", "Stil"), ("/x/", None)]
)
def test_a_menu_marks_where_we_are(monkeypatch, address, current):
    marked = [e["label"] for e in shown(monkeypatch, Visitor(), address) if e["is_current"]]

    assert marked == ([current] if current else [])

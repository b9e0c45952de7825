"""The template pack `kern`: each field is labelled, described and reached from the summary."""

import re
from html.parser import HTMLParser

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.db.models.fields.files import FieldFile, FileField
from django.forms import formset_factory
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from zentrum.common.forms import DateInput, DateTimeInput, PlaceField, TimeInput

CHOICES = [("a", "Handel"), ("b", "Gastronomie")]
FIELDS = {
    "text": forms.CharField,
    "email": forms.EmailField,
    "tel": lambda **o: forms.CharField(widget=forms.TextInput({"type": "tel"}), **o),
    "url": lambda **o: forms.URLField(assume_scheme="https", **o),
    "number": forms.IntegerField,
    "textarea": lambda **o: forms.CharField(widget=forms.Textarea, **o),
    "password": lambda **o: forms.CharField(widget=forms.PasswordInput, **o),
    "select": lambda **o: forms.ChoiceField(choices=CHOICES, **o),
    "select_multiple": lambda **o: forms.MultipleChoiceField(choices=CHOICES, **o),
    "date": lambda **o: forms.DateField(widget=DateInput, **o),
    "datetime": lambda **o: forms.DateTimeField(widget=DateTimeInput, **o),
    "time": lambda **o: forms.TimeField(widget=TimeInput, **o),
    "file": forms.FileField,
    "checkbox": forms.BooleanField,
    "radio": lambda **o: forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect, **o),
    "checkboxes": lambda **o: forms.MultipleChoiceField(
        choices=CHOICES, widget=forms.CheckboxSelectMultiple, **o
    ),
    "split": forms.SplitDateTimeField,
    "place": PlaceField,
}
GROUPS = {"radio", "checkboxes", "split", "place"}
LABELLED = {"input", "select", "textarea"}


class Page(HTMLParser):
    """What a test needs to know of a piece of HTML."""

    def __init__(self, html: str):
        super().__init__()
        self.ids, self.named_by, self.inputs, self.links, self.labels = [], [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        assert len(values) == len(attrs), f"an attribute twice: {tag} {attrs}"
        self.ids += [values["id"]] if "id" in values else []
        for name in ("aria-describedby", "aria-labelledby"):
            self.named_by += (values.get(name) or "").split()
        if tag == "label":
            self.labels.append(values["for"])
        if tag in LABELLED and values.get("type") != "hidden":
            self.inputs.append(values)
        if tag == "a":
            self.links.append(values["href"])


def form_with(kind, **options):
    return type("Form", (forms.Form,), {"field": FIELDS[kind](label="Feld", **options)})


@pytest.mark.parametrize("kind", FIELDS)
def test_each_input_has_a_label_and_each_id_once(kind):
    page = Page(render_crispy_form(form_with(kind)()))

    for given in page.inputs:
        assert given["id"] in page.labels or given.get("aria-label")
    assert len(page.ids) == len(set(page.ids))
    assert set(page.labels) <= set(page.ids)


@pytest.mark.parametrize("kind", FIELDS)
def test_hint_and_error_are_named_by_the_field_and_exist(kind):
    form = form_with(kind, help_text="Ein Hinweis")({})

    page = Page(render_crispy_form(form))

    assert {"id_field_helptext", "id_field_error"} <= set(page.named_by)
    assert set(page.named_by) <= set(page.ids)


@pytest.mark.parametrize("kind", FIELDS)
def test_the_summary_leads_to_an_input_of_the_refused_field(kind):
    form = form_with(kind)({})

    page = Page(render_crispy_form(form))

    (link,) = page.links
    assert link.removeprefix("#") in [given["id"] for given in page.inputs]


@pytest.mark.parametrize("kind", FIELDS)
def test_filter_and_tag_render_the_same_field(kind):
    form = form_with(kind)({})

    by_filter = Template("{% load crispy_forms_tags %}{{ form|crispy }}").render(
        Context({"form": form})
    )

    assert Page(by_filter).inputs == Page(render_crispy_form(form_with(kind)({}))).inputs


@pytest.mark.parametrize("kind", [kind for kind in FIELDS if kind != "checkbox"])
def test_optional_is_marked_and_required_is_not(kind):
    required = render_crispy_form(form_with(kind)())
    optional = render_crispy_form(form_with(kind, required=False)())

    assert (required.count("__optional"), optional.count("__optional")) == (0, 1)


def test_a_form_of_a_filter_marks_nothing_as_optional():
    form = form_with("text", required=False)()
    form.helper = FormHelper()
    form.helper.form_method = "get"

    assert "__optional" not in render_crispy_form(form)


@pytest.mark.parametrize("kind", sorted(GROUPS))
def test_a_group_of_inputs_is_a_fieldset_with_a_legend(kind):
    html = render_crispy_form(form_with(kind)())

    assert html.count("<fieldset") == html.count("<legend") == 1


def test_chosen_options_stay_chosen():
    form = form_with("checkboxes")({"field": ["b"]})

    chosen = [
        given["value"] for given in Page(render_crispy_form(form)).inputs if "checked" in given
    ]

    assert chosen == ["b"]


def test_what_was_typed_comes_back_escaped():
    form = form_with("email")({"field": '"><script>alert(1)</script>'})

    html = render_crispy_form(form)

    assert "<script>alert" not in html
    assert "&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_dates_are_iso_in_german_too():
    form = form_with("date")({"field": "2026-03-01"})

    with translation.override("de"):
        (given,) = Page(render_crispy_form(form)).inputs

    assert (given["type"], given["value"]) == ("date", "2026-03-01")
    assert form.is_valid()


def test_a_moment_typed_into_the_browser_is_understood():
    form = form_with("datetime")({"field": "2026-03-29T01:30"})

    assert form.is_valid()
    assert form.cleaned_data["field"].isoformat() == "2026-03-29T01:30:00+01:00"


def test_a_stored_file_can_be_opened_and_removed():
    stored = FieldFile(None, FileField(), "plan.pdf")
    form = form_with("file", required=False)(initial={"field": stored})

    page = Page(render_crispy_form(form))

    assert [(given["type"], given["name"]) for given in page.inputs] == [
        ("checkbox", "field-clear"),
        ("file", "field"),
    ]
    assert page.links == [stored.url]


def test_hidden_fields_are_drawn_bare_and_their_errors_named_in_the_summary():
    class Form(forms.Form):
        secret = forms.CharField(label="Schlüssel", widget=forms.HiddenInput)

    html = render_crispy_form(Form({}))

    assert html.count('type="hidden"') == 1
    assert "<label" not in html
    assert re.search(r"<li>Schlüssel: ", html)


def test_errors_of_the_whole_form_stand_in_the_summary_without_a_link():
    form = form_with("text")({"field": "x"})
    form.add_error(None, "Das passt nicht zusammen.")

    html = render_crispy_form(form)

    assert "<li>Das passt nicht zusammen.</li>" in html
    assert html.count("data-error-summary") == 1


def test_an_untouched_form_has_no_summary():
    assert "data-error-summary" not in render_crispy_form(form_with("text")())


def test_a_formset_has_one_summary_for_all_its_forms():
    formset_class = formset_factory(form_with("text"), extra=0)
    data = {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 0, "form-0-field": "", "form-1-field": ""}
    formset = formset_class(data, form_kwargs={"empty_permitted": False})

    page = Page(render_crispy_form(formset))

    assert page.links == ["#id_form-0-field", "#id_form-1-field"]
    assert len(page.ids) == len(set(page.ids))


def test_buttons_are_buttons_of_kern():
    form = form_with("text")()
    form.helper = FormHelper()
    form.helper.layout = Layout(
        "field",
        Submit("save", "Speichern"),
        Submit("later", "Später", css_class="kern-btn--secondary"),
    )

    html = render_crispy_form(form, context={"request": RequestFactory().get("/")})

    assert re.findall(r'<button type="submit" name="(\w+)" value="\w+" class="([^"]+)"', html) == [
        ("save", "kern-btn kern-btn--primary"),
        ("later", "kern-btn kern-btn--secondary"),
    ]


@pytest.mark.parametrize(
    ("typed", "place"),
    [(("52.5", "13.4"), (52.5, 13.4)), (("", ""), None), (("0", "0"), (0.0, 0.0))],
)
def test_a_place_is_both_coordinates_or_none(typed, place):
    form = form_with("place", required=False)({"field_0": typed[0], "field_1": typed[1]})

    assert form.is_valid()
    assert form.cleaned_data["field"] == place


@pytest.mark.parametrize(
    "typed", [("52.5", ""), ("", "13.4"), ("91", "13"), ("52", "181"), ("hier", "13"), ("nan", "1")]
)
def test_a_place_that_is_none_is_refused_and_kept(typed):
    form = form_with("place", required=False)({"field_0": typed[0], "field_1": typed[1]})

    given = Page(render_crispy_form(form)).inputs

    assert list(form.errors) == ["field"]
    assert [part.get("value", "") for part in given] == list(typed)

"""What the crispy-forms template pack `kern` needs to draw Django's widgets with KERN's classes."""

from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()

FRAMES = (
    (forms.CheckboxSelectMultiple, "kern/layout/checkboxselectmultiple.html"),
    (forms.RadioSelect, "kern/layout/radioselect.html"),
    (forms.CheckboxInput, "kern/layout/checkbox.html"),
    (forms.ClearableFileInput, "kern/layout/field_file.html"),
)
BUTTON_LOOKS = {"submit": "primary", "reset": "tertiary"}


@register.filter
def frame(field: BoundField) -> str:
    """The template that draws this field; empty for the common kind, which `field.html` draws."""
    widget = field.field.widget
    if own := getattr(widget, "field_template", ""):
        return own
    found = next((name for kind, name in FRAMES if isinstance(widget, kind)), "")
    return found or ("kern/layout/field_group.html" if widget.use_fieldset else "")


@register.simple_tag
def kern_hidden(field: BoundField) -> SafeString:
    """A hidden field. The plain kind is written here: a page of many forms has dozens of them."""
    widget = field.field.widget
    if type(widget) is not forms.HiddenInput:
        return field.as_widget()
    value = widget.format_value(field.value())
    attrs = {"type": "hidden", "name": field.html_name}
    attrs |= {} if value is None else {"value": value}
    attrs |= {"id": field.auto_id} if field.auto_id else {}
    return format_html("<input{}>", flatatt(attrs | widget.attrs))


@register.simple_tag
def kern_widget(field: BoundField) -> SafeString:
    """The widget itself, with the class KERN wants on it."""
    widget = field.field.widget
    error = bool(field.errors)
    for number, part in enumerate(getattr(widget, "widgets", ()), start=1):
        part.attrs["class"] = _class_of(part, error)
        part.attrs.setdefault("aria-label", _part_label(part, field, number))
    if isinstance(widget, forms.ClearableFileInput):
        return _plain_file_input(field, error)
    drawn = field.as_widget(attrs={"class": _class_of(widget, error)})
    if isinstance(widget, forms.Select) and not widget.allow_multiple_selected:
        return format_html('<div class="kern-form-input__select-wrapper">{}</div>', drawn)
    return drawn


def _part_label(part: forms.Widget, field: BoundField, number: int) -> str:
    if isinstance(part, forms.DateInput):
        return _("Date")
    if isinstance(part, forms.TimeInput):
        return _("Time")
    return f"{field.label} {number}"


def _class_of(widget: forms.Widget, error: bool) -> str:
    base = "kern-form-input__input"
    if isinstance(widget, forms.CheckboxInput):
        base = "kern-form-check__checkbox"
    elif isinstance(widget, forms.SelectMultiple):
        base = "kern-form-input__input select-multiple"
    elif isinstance(widget, forms.Select | forms.SelectDateWidget):
        base = "kern-form-input__select"
    own = widget.attrs.get("class", "")
    first = base.split()[0]
    classes = [base, f"{first}--error" if error else "", own if own != base else ""]
    return " ".join(dict.fromkeys(word for part in classes for word in part.split()))


def _plain_file_input(field: BoundField, error: bool) -> SafeString:
    """Only the input: the current file and the box to remove it stand in the template."""
    widget = field.field.widget
    attrs = field.build_widget_attrs({"class": _class_of(widget, error), "id": field.auto_id})
    context = widget.get_context(field.html_name, None, attrs)
    return field.form.render(template_name="django/forms/widgets/file.html", context=context)


@register.filter
def current_file(field: BoundField) -> Any:
    """The file that is already stored, if there is one."""
    initial = field.initial
    return initial if field.field.widget.is_initial(initial) else None


@register.filter
def clear_name(field: BoundField) -> str:
    return field.field.widget.clear_checkbox_name(field.html_name)


@register.filter
def options(field: BoundField) -> list[tuple[Any, list[dict]]]:
    """The choices of a group of boxes as (group label, options), for drawing by hand."""
    widget = field.field.widget
    attrs = field.build_widget_attrs({**widget.attrs, "id": field.auto_id})
    for forbidden in ("class", "aria-describedby"):
        attrs.pop(forbidden, None)
    if isinstance(widget, forms.CheckboxSelectMultiple):
        attrs.pop("required", None)
    chosen = widget.format_value(field.value())
    return [
        (label, group) for label, group, _index in widget.optgroups(field.html_name, chosen, attrs)
    ]


@register.filter
def describedby(field: BoundField) -> str:
    """The ids that a fieldset has to name itself (Django names them on single inputs)."""
    return field.aria_describedby or ""


@register.filter
def error_id(field: BoundField) -> str:
    return f"{field.auto_id}_error"


@register.simple_tag
def error_summary(form: Any) -> list[dict[str, Any]]:
    """Every error of a form or formset, each with the address of the field that it is about."""
    if isinstance(form, BaseFormSet):
        lines = [{"text": text, "href": ""} for text in form.non_form_errors()]
        return lines + [line for part in form.forms for line in error_summary(part)]
    if not form.is_bound:
        return []
    lines = [{"text": text, "href": ""} for text in form.non_field_errors()]
    for field in form:
        lines += [_summary_line(field, text) for text in field.errors]
    return lines


def _summary_line(field: BoundField, text: str) -> dict[str, Any]:
    if field.is_hidden:
        return {
            "text": _("%(field)s: %(error)s") % {"field": field.label, "error": text},
            "href": "",
        }
    return {"text": text, "label": field.label, "href": f"#{first_input_id(field)}"}


@register.filter
def first_input_id(field: BoundField) -> str:
    """Where a link to the field leads: the first box of a group, else the input."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget):
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.filter
def button_classes(button: Any) -> str:
    """KERN's classes for a crispy Submit, Button or Reset; css_class="kern-btn--…" overrules."""
    words = [word for word in button.field_classes.split() if not word.startswith("btn")]
    if not any(word.startswith("kern-btn--") for word in words):
        words.insert(0, f"kern-btn--{BUTTON_LOOKS.get(button.input_type, 'secondary')}")
    return " ".join(["kern-btn", *words])


@register.filter
def parts(field: BoundField) -> list[dict[str, Any]]:
    """The inputs of a field that has several, ready for their own templates."""
    widget = field.field.widget
    for part in widget.widgets:
        part.attrs["class"] = _class_of(part, bool(field.errors))
    attrs = field.build_widget_attrs({"id": field.auto_id})
    attrs.pop("required", None)
    return widget.get_context(field.html_name, field.value(), attrs)["widget"]["subwidgets"]


@register.filter
def join_numbers(numbers: tuple[float, ...]) -> str:
    """Numbers as scripts read them, whatever the language: "51.5,7.25"."""
    return ",".join(str(number) for number in numbers)

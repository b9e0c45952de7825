"""How form widgets are drawn."""

from functools import cached_property
from pathlib import Path
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.template.backends.jinja2 import Jinja2
from django.utils.translation import gettext
from jinja2 import Environment

WIDGETS = "django/forms/widgets/"
FOLDERS = [Path(__file__).parent / "jinja2", Path(forms.__file__).parent / "jinja2"]


class FormRenderer(TemplatesSetting):
    """Django's own widgets by Django's own Jinja2 templates, everything else by ours.

    A page of forms has dozens of widgets, and Jinja2 draws one in a fifth of the time. A widget of
    ours has its template below `templates/` and may include Django's plain ones.
    """

    @cached_property
    def widgets(self) -> Jinja2:
        options = {"environment": "zentrum.common.rendering.environment"}
        return Jinja2({"NAME": "widgets", "DIRS": FOLDERS, "APP_DIRS": False, "OPTIONS": options})

    def get_template(self, template_name: str) -> Any:
        if template_name.startswith(WIDGETS):
            return self.widgets.get_template(template_name)
        return super().get_template(template_name)


def environment(**options: Any) -> Environment:
    made = Environment(**options)  # noqa: S701 - Django's backend switches autoescape on
    made.globals["gettext"] = gettext
    return made

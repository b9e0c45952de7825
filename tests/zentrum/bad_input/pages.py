"""What a browser reads from a page: its forms with their fields."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

UNSENT = {"submit", "button", "reset", "image"}


@dataclass
class Field:
    name: str
    kind: str  # the input's type, "textarea" or "select"
    value: str = ""
    choices: list[str] = field(default_factory=list)
    required: bool = False


@dataclass
class Form:
    action: str
    fields: dict[str, Field] = field(default_factory=dict)

    def of_kind(self, *kinds: str) -> list[Field]:
        return [one for one in self.fields.values() if one.kind in kinds]


class Forms(HTMLParser):
    """Collects the forms that are sent by POST."""

    def __init__(self, html: str, address: str) -> None:
        super().__init__()
        self.address = address
        self.found: list[Form] = []
        self.form: Form | None = None
        self.field: Field | None = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            is_post = given.get("method", "").lower() == "post"
            self.form = Form(given.get("action") or self.address) if is_post else None
            if self.form:
                self.found.append(self.form)
        elif self.form and tag == "option" and self.field:
            self.field.choices.append(given.get("value", ""))
            if "selected" in given:
                self.field.value = given["value"]
        elif self.form and tag in ("input", "textarea", "select") and given.get("name"):
            self._add(tag, given)

    def _add(self, tag, given):
        kind = given.get("type", "text") if tag == "input" else tag
        if kind in UNSENT:
            return
        one = Field(given["name"], kind, required="required" in given)
        one = self.form.fields.setdefault(one.name, one)
        if kind in ("radio", "checkbox"):
            one.choices.append(given.get("value", "on"))
            if "checked" in given:
                one.value = given.get("value", "on")
        else:
            one.value = given.get("value", "")
        self.field = one

    def handle_data(self, data):
        if self.field and self.field.kind == "textarea":
            self.field.value += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        if tag in ("textarea", "select"):
            self.field = None


def forms_of(html: str, address: str) -> list[Form]:
    return Forms(html, address.split("?", maxsplit=1)[0]).found

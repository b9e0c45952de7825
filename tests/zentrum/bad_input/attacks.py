"""What somebody may send in a form that we did not mean."""

from collections.abc import Iterator

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.zentrum.bad_input.pages import Field, Form

Data = dict[str, object]
SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
TEXTS = {
    "emoji and right to left": "🌳🏳️‍🌈 \u202eשלום مرحبا\u202c",
    "script": SCRIPT,
    "template": "{{ 7|add:7 }}{% now 'Y' %} %(name)s {0} %s",
    "NULL byte": "Ab\0cd",
    "blanks": " \t\r\n\u00a0 ",
    "200 characters": "Straße " * 28 + "Ende",
    "control signs and headers": "Ab\x01\x1bc\r\nBcc: evil@example.org",
}
WRONG = {
    "number": ["-1", str(10**30), "nan"],
    "date": ["0001-01-01", "9999-12-31", "2026-02-30"],
    "email": ["a@example.org\nBcc: c@example.org", "x" * 300 + "@example.org", '"<b>"@example.org'],
    "select": [str(10**30), "\0<script>alert(1)</script>"],
    "tel": ["0" * 500, "\u202e0<script>alert(1)</script>"],
}
SAME = {"hidden": "number", "time": "date", "datetime-local": "date", "radio": "select"}
SENSIBLE = {
    "email": "a@example.org",
    "tel": "030 1234",
    "date": "2026-12-01",
    "number": "1",
    "time": "10:00",
    "url": "https://example.org/",
}
TYPED = ("text", "textarea", "search")
UNTOUCHED = ("csrfmiddlewaretoken", "form_key", "extra_subject")


def files() -> list[SimpleUploadedFile]:
    return [
        SimpleUploadedFile("leer.txt", b""),
        SimpleUploadedFile("a.exe", b"MZ\0"),
        SimpleUploadedFile("x" * 500 + ".txt", b"x"),
        SimpleUploadedFile("..\\..\\<script>alert(1)</script>.csv", b"name\n<script>alert(1)\n"),
        SimpleUploadedFile("a.pdf", b"no"),
    ]


def filled(form: Form) -> Data:
    """The form as a sensible person would send it."""
    data = {field.name: _sensible(field) for field in form.fields.values() if field.kind != "file"}
    unchecked = {f.name for f in form.of_kind("checkbox", "radio") if not data[f.name]}
    return {name: value for name, value in data.items() if name not in unchecked}


def _sensible(field: Field) -> str:
    if field.value.strip() or field.name in UNTOUCHED:
        return field.value
    if field.kind in ("select", "radio"):
        return next(filter(None, field.choices), "")
    if field.kind == "checkbox":
        return field.choices[0] if field.required else ""
    return SENSIBLE.get(field.kind, "Eichhorn") if field.required or field.kind == "email" else ""


def of_form(form: Form) -> Iterator[tuple[str, Data]]:
    """Each attack with its name; the other fields are in order, so that it gets far."""
    base = filled(form)
    yield "in order", base
    fields = [field for field in form.fields.values() if field.name not in UNTOUCHED]
    if fields:
        yield "nothing", {}
    texts = [field.name for field in fields if field.kind in TYPED]
    if texts:
        yield from ((label, base | dict.fromkeys(texts, text)) for label, text in TEXTS.items())
    for kind, values in WRONG.items():
        names = [field.name for field in fields if SAME.get(field.kind, field.kind) == kind]
        if names:
            yield from ((f"{kind} {v!r:.20}", base | dict.fromkeys(names, v)) for v in values)
    for name in [field.name for field in fields if field.kind == "file"]:
        yield from ((f"{name} {file.name:.20}", base | {name: file}) for file in files())
        yield "a text for a file", base | {name: "no file"}

"""Write the text of a mail from its template, in the language of who receives it."""

from dataclasses import dataclass
from typing import Any

from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import translation

from zentrum.office.models import Centre, Town


@dataclass(frozen=True)
class Letter:
    subject: str
    text: str
    html: str


def compose(
    *,
    subject: str,
    template: str,
    context: dict[str, Any],
    centre: Centre | None,
    unsubscribe_url: str,
    language: str = "de",
    signature: str = "",
) -> Letter:
    """Plain text from `templates/<template>.txt`, closed by a signature, and its HTML.

    Without a `signature` the office signs with its name, address, phone number and e-mail address.

    Templates may use `town`, `centre` and `sender` beside their own context. Text is never
    escaped, HTML always; the HTML is made from the text and says exactly the same.
    """
    town = centre.town if centre else Town.objects.order_by("pk").first()
    values = {"town": town, "centre": centre, "sender": sender_name(town), "language": language}
    with translation.override(language):
        body = _plain(f"{template}.txt", values | context)
        rest = {} if unsubscribe_url in body else {"unsubscribe_url": unsubscribe_url}
        rest["signature"] = signature.replace("\r\n", "\n").strip()
        text = _plain("mail/body.txt", values | rest | {"body": body}) + "\n"
        subject = one_line(subject)[:250]
        html = render_to_string("mail/base.html", values | {"subject": subject, "text": text})
    return Letter(subject, text, html)


def sender_name(town: Town | None) -> str:
    return one_line(f"{town.office_name} {town.name}") if town else ""


def one_line(text: str) -> str:
    """The text without line breaks and control characters, as headers need it."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _plain(template: str, context: dict[str, Any]) -> str:
    loaded: Any = get_template(template)
    text = loaded.template.render(Context(context, autoescape=False))
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")

"""Rules that every template of the project keeps, since the CSP is strict."""

import re

import pytest
from django.conf import settings

SCRIPTS = sorted(path.name for path in (settings.BASE_DIR / "static/js").iterdir())
TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
FORBIDDEN = {
    "an inline style": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a style block": re.compile(r"<style\b", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a script in the page": re.compile(r"<script\b(?![^>]*\b(?:src|nonce)=)", re.IGNORECASE),
    "a script address": re.compile(r"javascript:", re.IGNORECASE),
    "a foreign host": re.compile(r"(?:src|href|action|data-[\w-]+)\s*=\s*[\"']?(?:https?:)?//"),
    "a shrunk button": re.compile(
        r'class="kern-btn(?:(?!</a>|</button>).)*class="kern-label">'
        r'(?:(?!</a>|</button>).)*class="kern-sr-only"',
        re.DOTALL,
    ),  # KERN makes a button with hidden text as small as an icon: aria-label instead
    "an old doctype or tag": re.compile(r"<(?:font|center|marquee)\b"),
}


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=[str(path.relative_to(settings.BASE_DIR)) for path in TEMPLATES]
)
def test_template_needs_no_hole_in_the_csp(path):
    text = path.read_text()

    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


def test_the_rules_catch_what_they_forbid():
    caught = {
        "an inline style": '<p class="a" style="color:red">',
        "a style block": "<style>",
        "an event attribute": "<button onclick='go()'>",
        "a script in the page": "<script>go()</script>",
        "a script address": '<a href="javascript:go()">',
        "a foreign host": '<img src="https://example.org/a.png">',
        "a shrunk button": '<a class="kern-btn"><span class="kern-label">Go'
        '<span class="kern-sr-only"> on</span></span></a>',
        "an old doctype or tag": "<center>",
    }

    assert [what for what, text in caught.items() if not FORBIDDEN[what].search(text)] == []
    assert not FORBIDDEN["a script in the page"].search('<script nonce="x">go()</script>')


@pytest.mark.parametrize(
    "name", sorted(p.name for p in (settings.BASE_DIR / "static/js").iterdir())
)
def test_script_starts_with_what_it_is_for(name):
    first = (settings.BASE_DIR / "static/js" / name).read_text().splitlines()[0]

    assert first.startswith("// ")

"""Our scripts write text, never HTML: what a visitor typed stays text on the map and in lists."""

import re
from pathlib import Path

import pytest
from django.conf import settings

SCRIPTS = sorted(Path(settings.BASE_DIR, "static", "js").glob("*.js"))
HTML_SINKS = re.compile(
    r"\.(innerHTML|outerHTML)\b|insertAdjacentHTML|document\.write|\beval\(|new Function"
    r"|createContextualFragment|setHTMLUnsafe|javascript:|bind(Popup|Tooltip)\(\s*[`\"']"
)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_writes_no_html(path):
    assert HTML_SINKS.findall(path.read_text()) == []


def test_popup_of_a_map_is_built_from_nodes():
    source = Path(settings.BASE_DIR, "static", "js", "map.js").read_text()

    assert re.findall(r"bindPopup\((\w+)", source) == ["popupOf"]
    assert "title.textContent = name" in source


@pytest.mark.parametrize("line", ["a.innerHTML = name", "x.bindPopup(`<b>${name}</b>`)"])
def test_the_rule_finds_what_it_forbids(line):
    assert HTML_SINKS.search(line)

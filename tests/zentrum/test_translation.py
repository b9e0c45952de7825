"""The German catalogue holds every text of code and templates, with its placeholders."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from pghistory.models import Event

from zentrum.local.gathering import gather

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "locale" / "de" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def german():
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="de")


def strings(message):
    return [message.string] if isinstance(message.string, str) else list(message.string)


def ids(message):
    return [message.id] if isinstance(message.id, str) else list(message.id)


def test_catalogue_holds_exactly_the_texts_of_the_project(german):
    offered = {(message.id, message.context) for message in gather(ROOT) if message.id}
    translated = {(message.id, message.context) for message in german if message.id}

    assert sorted(map(str, offered - translated)) == []
    assert sorted(map(str, translated - offered)) == []


def test_every_text_has_its_german_words(german):
    missing = [message.id for message in german if message.id and not all(strings(message))]

    assert missing == []
    assert [message.id for message in german if message.fuzzy and message.id] == []


def test_translations_keep_their_placeholders(german):
    wrong = [
        (message.id, string)
        for message in german
        if message.id
        for string in strings(message)
        if not set(PLACEHOLDER.findall(string))
        <= {p for text in ids(message) for p in PLACEHOLDER.findall(text)}
        or (
            isinstance(message.id, str)
            and set(PLACEHOLDER.findall(string)) != set(PLACEHOLDER.findall(message.id))
        )
    ]

    assert wrong == []


def test_every_table_has_a_name_that_people_read():
    """Lists of what is erased, disclosed or searched name the tables."""
    own = {"actors", "contacts", "projects", "zentrum"}
    models = [model for model in apps.get_models() if model.__module__.split(".")[0] in own]
    names = {
        model._meta.label: (model._meta.verbose_name, model._meta.verbose_name_plural)
        for model in models
        if not issubclass(model, Event)
    }

    assert [label for label, both in names.items() if any(type(n) is str for n in both)] == []

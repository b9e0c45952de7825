"""No address answers with an error of ours, whatever stands in it."""

import re

import pytest
from django.urls import reverse

from tests.zentrum.bad_input.addresses import NAMES, SAMPLES, existing, with_value
from tests.zentrum.test_access import PUBLIC
from zentrum.accounts.roles import Role

VISITORS = [None, Role.MANAGER, Role.CITY, Role.TECHNICAL]
MONITORED = {"portal:readyz": {503}}  # no tick ran in the town of this test
ANSWERS = {200, 302, 400, 403, 404, 405}
# A tile or a year that does not exist has an answer all the same.
WITH_IDS = [
    name for name in NAMES if SAMPLES[name] and name not in ("portal:tile", "office:holiday_year")
]
LONG = "x" * 10_000
# An id or a year as people write numbers, but no amount; the ids of the suite begin at 1000001.
FOR_PEOPLE = re.compile(rb"\b(?:1[.,]00\d[.,]\d{3}|2[.,]0[23]\d)\b(?!,\d\d\b)")
QUERIES = {
    "wrong types": "page=abc&centre=abc&state=x&sector=-1&kind=abc&owner=9e9&from=2026-13-45&to=x",
    "far numbers and dates": f"page=999999&centre={10**30}&owner=0&from=9999-12-31&to=0001-01-01",
    "script and lengths": f"page=-1&sort=<script>alert(1)</script>&q={LONG}&kind=<script>alert(1)",
    "signs": "q=%25_%5C%27%F0%9F%8C%B3%E2%80%AE%D7%A9&centre=%ff&sort=%ed%a0%80&seite=http://[::1",
    "repeated": "q=<script>alert(1)</script>&page=1&page=x&centre=x&state=&&;&to&year=9999",
}


def get_all(client, ask, names, **options) -> dict[str, int]:
    """Names whose address was answered in no way we mean, with a script of the visitor, or with
    an id that no machine reads or a year that nobody writes so."""
    broken = {}
    for name in names:
        response = ask(client.get, existing(name, SAMPLES[name]), **options)
        content = b"" if response.streaming else response.content
        bad = b"<script>alert" in content or FOR_PEOPLE.search(content)
        if bad or response.status_code not in ANSWERS | MONITORED.get(name, set()):
            broken[name] = response.status_code
    return broken


@pytest.mark.parametrize("role", VISITORS)
def test_addresses_of_existing_rows_answer(visitor, ask, role):
    assert get_all(visitor(role), ask, NAMES) == {}


@pytest.mark.parametrize("role", [None, Role.MANAGER, Role.TECHNICAL])
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("number", "text"), [(0, "0"), (10**18, "x" * 300), (10**30, "-_-")])
def test_unknown_ids_are_not_found(visitor, ask, role, method, number, text):
    client = visitor(role)

    answers = {
        name: ask(getattr(client, method), with_value(name, SAMPLES[name], number, text))
        for name in WITH_IDS
    }

    statuses = {name: answer.status_code for name, answer in answers.items()}
    assert {name: s for name, s in statuses.items() if s not in (302, 403, 404, 405)} == {}


@pytest.mark.parametrize("query", QUERIES.values(), ids=list(QUERIES))
@pytest.mark.parametrize(("role", "names"), [(None, sorted(PUBLIC)), (Role.MANAGER, NAMES)])
def test_garbage_behind_the_question_mark_does_no_harm(visitor, ask, role, names, query):
    assert get_all(visitor(role), ask, names, QUERY_STRING=query) == {}


@pytest.mark.parametrize("name", ["portal:start", "projects:idea_public_list"])
def test_null_byte_in_an_address_is_refused_in_words(visitor, ask, name):
    response = ask(visitor().get, reverse(name), QUERY_STRING="q=a%00b")

    assert response.status_code == 400
    assert "<h1" in response.text

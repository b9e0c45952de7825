"""Every address of the project is closed unless it stands in PUBLIC."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.factories.office import MandateFactory
from zentrum.accounts.models import User
from zentrum.accounts.roles import Role

PUBLIC = {
    "actors:vacancy_public",
    "actors:vacancy_public_points",
    "actors:directory_public",
    "actors:directory_public_detail",
    "actors:directory_public_point",
    "actors:directory_public_points",
    "contacts:barrier_report",
    "contacts:case_status",
    "contacts:consultation_answer",
    "contacts:consultation_draft",
    "contacts:consultation_file",
    "contacts:contact",
    "contacts:draft_discard",
    "contacts:draft_save",
    "contacts:email_confirm",
    "contacts:idea_submit",
    "contacts:slip",
    "contacts:slip_qr",
    "contacts:status_attachment",
    "contacts:status_lookup",
    "contacts:submission_done",
    "portal:accessibility",
    "portal:areas",
    "portal:favicon",
    "portal:healthz",
    "portal:imprint",
    "portal:privacy",
    "portal:readyz",
    "portal:robots",
    "portal:start",
    "portal:tile",
    "portal:town_css",
    "projects:follower_stop",
    "projects:idea_comment",
    "projects:idea_public",
    "projects:idea_public_list",
    "projects:idea_public_point",
    "projects:idea_public_points",
    "projects:idea_support",
    "projects:idea_support_ask",
    "projects:project_public",
    "projects:project_public_areas",
    "projects:project_public_document",
    "projects:project_public_list",
    "projects:project_public_point",
    "projects:project_public_points",
    "set_language",
}
SIGN_IN = ("account_", "mfa_")  # allauth guards its own pages
SAMPLES = {
    "int": 1,
    "uuid": "6f2f1f0e-9b57-4a55-8c52-3a3e2c0d6f11",
    "str": "1",
    "slug": "a",
    "path": "a",
}


def walk(patterns, namespace="") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{namespace}{pattern.name}", pattern


def sample(pattern: URLPattern) -> dict[str, object]:
    converters = pattern.pattern.converters
    return {
        name: SAMPLES[
            type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        ]
        for name, converter in converters.items()
    }


ALL = sorted({name: sample(pattern) for name, pattern in walk(get_resolver().url_patterns)}.items())
CLOSED = [row for row in ALL if row[0] not in PUBLIC and not row[0].startswith(SIGN_IN)]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "kwargs"), CLOSED, ids=[name for name, _ in CLOSED])
def test_address_is_closed(client, sign_in, name, kwargs):
    url = reverse(name, kwargs=kwargs)

    assert client.get(url).url.startswith(reverse("account_login"))
    assert client.post(url).url.startswith(reverse("account_login"))
    sign_in()
    assert (client.get(url).status_code, client.post(url).status_code) == (403, 403)


@pytest.mark.django_db
def test_permission_is_asked_for_before_anything_else(client, sign_in, monkeypatch):
    """A mandate in every role opens nothing while the roles hold no permission."""
    user = sign_in(Role.MANAGER)
    for role in Role:
        MandateFactory(user=user, role=role)
    monkeypatch.setattr(User, "permissions", frozenset())

    answers = {}
    for name, kwargs in CLOSED:
        if name.startswith("portal:style"):  # for staff of any role
            continue
        url = reverse(name, kwargs=kwargs)
        answers[name] = client.get(url).status_code, client.post(url).status_code

    assert {name: codes for name, codes in answers.items() if codes != (403, 403)} == {}


def test_every_public_address_exists():
    assert PUBLIC - {name for name, _ in ALL} == set()

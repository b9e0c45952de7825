"""A real Chromium. Every test fails on a foreign host, a script error or a broken policy."""

import os
import shutil
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.pressing import sign_in
from tests.jobs.conftest import redis, sink, start_worker
from tests.jobs.workers import wait_until

__all__ = ["redis", "sink", "start_worker"]

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright runs a loop of its own in this thread

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def chromium():
    if not CHROMIUM:
        message = "No Chromium found: install Debian's package chromium."
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium, live_server, settings):
    """`open_browser(**options)`: a page of a fresh visitor, with a browser context of its own."""
    settings.BASE_URL = live_server.url
    settings.DEMO = True
    contexts, troubles = [], []

    def open_browser(**options):
        defaults = {"base_url": live_server.url, "locale": "de-DE", "timezone_id": "Europe/Berlin"}
        context = chromium.new_context(**(defaults | options))
        context.set_default_timeout(30_000)  # only a broken page takes as long
        contexts.append(context)
        context.on("request", lambda request: troubles.extend(foreign(request.url)))
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"script error: {error}"))
        page.on("console", lambda message: troubles.extend(complaints(message)))
        return page

    def foreign(url):
        parts = urlsplit(url)
        own = urlsplit(live_server.url).netloc
        is_own = parts.scheme in ("data", "blob") or parts.netloc == own
        return [] if is_own else [f"foreign: {url}"]

    yield open_browser
    for context in contexts:
        context.close()
    assert troubles == []


def complaints(message):
    """What the browser says of a broken policy, or htmx of an exchange that failed."""
    told = ("Content Security Policy", "htmx:")
    is_broken = message.type == "error" and any(word in message.text for word in told)
    return [f"console: {message.text}"] if is_broken else []


@pytest.fixture
def as_person(open_browser):
    """`as_person(email, password, **options)`: a page on which this person has signed in."""

    def as_person(email, password, **options):
        page = open_browser(**options)
        sign_in(page, email, password)
        return page

    return as_person


@pytest.fixture
def mails(sink):
    """`mails(address, subject)` waits for the mail to this address whose subject holds the words,
    and returns its text. The words must fit no earlier mail: that one would be found at once."""

    def find(address, subject):
        def arrived():
            return [
                mail
                for mail in sink.messages
                if mail["To"] == address and subject in " ".join(mail["Subject"].split())
            ]

        wait_until(arrived, what=f"mail to {address}: {subject}")
        return arrived()[-1].get_body(("plain",)).get_content()

    return find

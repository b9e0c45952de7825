import os
import shutil
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, sync_playwright

from zentrum.local import static_files, surroundings
from zentrum.local.demo.people import PASSWORD, PEOPLE
from zentrum.local.pages import PAGES, Page
from zentrum.office.models import Town

WIDTHS = {1280: 900, 390: 844}  # pixels: a desk's screen and a phone
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
EMAILS: dict[str, str] = {role: email for email, _name, role in PEOPLE}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


class Command(BaseCommand):
    help = "Picture the main pages of the demo town, wide and narrow, light and dark."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("names", nargs="*", help="only these pages")

    def handle(self, *args: Any, names: list[str], **options: Any) -> None:
        if not Town.objects.filter(is_demo=True).exists():
            raise CommandError("The pictures show the demo town: run `manage.py demo` first.")
        if not (program := next(filter(None, map(shutil.which, CHROMIUM)), None)):
            raise CommandError("No Chromium found: install Debian's package chromium.")
        static_files.collect()
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright runs a loop in this thread
        pages = [page for page in PAGES if not names or page.name in names]
        files: Any = lambda handler: handler  # noqa: E731 - WhiteNoise serves them
        server = LiveServerThread("127.0.0.1", files)
        server.start()
        server.is_ready.wait()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
                self._picture_all(browser, f"http://127.0.0.1:{server.port}", pages)
        finally:
            server.terminate()

    def _picture_all(self, browser: Browser, base_url: str, pages: list[Page]) -> None:
        folder = surroundings.FOLDER / "screenshots"
        folder.mkdir(parents=True, exist_ok=True)
        settings.BASE_URL = base_url
        for role in dict.fromkeys(page.role for page in pages):
            for width, height in WIDTHS.items():
                for scheme in SCHEMES:
                    context = browser.new_context(
                        base_url=base_url,
                        color_scheme=scheme,
                        locale="de-DE",
                        viewport={"width": width, "height": height},
                    )
                    tab = context.new_page()
                    if role:
                        _sign_in(tab, EMAILS[role])
                    for page in [page for page in pages if page.role == role]:
                        tab.goto(page.address())
                        tab.wait_for_load_state("networkidle")
                        path = folder / f"{page.name}-{width}-{scheme}.png"
                        tab.screenshot(path=path, full_page=True)
                        self.stdout.write(str(Path(path).name))
                    context.close()


def _sign_in(tab: Any, email: str) -> None:
    tab.goto("/konto/login/")
    tab.locator("[name=login]").fill(email)
    tab.locator("[name=password]").fill(PASSWORD)
    tab.locator("form:has([name=password]) button[type=submit]").click()
    tab.wait_for_url(lambda url: "/login" not in url)

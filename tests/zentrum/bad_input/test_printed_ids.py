"""German numbers have dots (1.234): an id or a version that is printed so is never found again."""

import re

from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates"
# `form.version` is a field.
AS_PEOPLE_READ = re.compile(r"\{\{ *(?!form\.)[\w.]*\b(?:pk|version) *\}\}")


def test_no_template_prints_an_id_as_people_write_numbers():
    found = [
        (path.relative_to(TEMPLATES).as_posix(), match.group())
        for path in sorted(TEMPLATES.rglob("*.html"))
        for match in AS_PEOPLE_READ.finditer(path.read_text(encoding="utf-8"))
    ]

    assert found == []

import gettext
import os

from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import translation
from django.utils.translation.reloader import translation_file_changed

from zentrum.local import catalogues, secret_files

GERMAN = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Greeting"
msgstr "Grüß Gott"

msgid "one case"
msgid_plural "%d cases"
msgstr[0] "ein Vorgang"
msgstr[1] "%d Vorgänge"

#, fuzzy
msgid "Guess"
msgstr "Geraten"
"""


def test_catalogue_is_compiled_once_until_it_changes(tmp_path):
    source = tmp_path / "de/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    source.write_text(GERMAN, encoding="utf-8")
    target = source.with_suffix(".mo")

    assert catalogues.compile_all([tmp_path]) == [target]
    assert catalogues.compile_all([tmp_path]) == []

    later = target.stat().st_mtime_ns + 1
    os.utime(source, ns=(later, later))

    assert catalogues.compile_all([tmp_path]) == [target]
    with target.open("rb") as file:
        german = gettext.GNUTranslations(file)
    assert german.gettext("Greeting") == "Grüß Gott"
    assert german.ngettext("one case", "%d cases", 3) == "%d Vorgänge"
    assert german.gettext("Guess") == "Guess"  # a fuzzy entry is nobody's word


def test_a_process_that_has_asked_before_reads_the_compiled_catalogue(tmp_path, settings):
    settings.LOCALE_PATHS = [tmp_path]
    source = tmp_path / "de/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    source.write_text(GERMAN, encoding="utf-8")
    translation_file_changed(None, source.with_suffix(".mo"))  # as a process that has just begun

    with translation.override("de"):
        assert translation.gettext("Greeting") == "Greeting"
        catalogues.compile_all([tmp_path])

    with translation.override("de"):
        assert translation.gettext("Greeting") == "Grüß Gott"

    translation_file_changed(None, source.with_suffix(".mo"))


def test_mail_of_a_local_run_is_a_readable_file(tmp_path, settings):
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    connection = get_connection("zentrum.local.mailbox.EmailBackend")
    messages = [
        EmailMultiAlternatives("Ihre Idee", f"Grüße {number}", to=["laden@example.org"])
        for number in range(3)
    ]

    assert connection.send_messages(messages) == 3

    files = sorted((tmp_path / "mail").iterdir())
    assert {path.suffix for path in files} == {".eml"}
    assert sorted(path.read_text().splitlines()[-1] for path in files) == [
        "Grüße 0",
        "Grüße 1",
        "Grüße 2",
    ]


def test_secret_is_made_once_and_for_its_owner_only(tmp_path):
    path = tmp_path / "local" / "secret_key"

    first = secret_files.read_or_make(path)

    assert secret_files.read_or_make(path) == first
    assert len(first) == 64
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]

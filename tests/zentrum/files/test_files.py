import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.forms import Form
from django.http import Http404
from django.utils.datastructures import MultiValueDict

from tests.factories.office import UserFactory
from zentrum.files.checking import clean_name
from zentrum.files.forms import FilesField
from zentrum.files.models import StoredFile
from zentrum.files.responses import download
from zentrum.files.services import store

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def archive(names, mimetype=""):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        if mimetype:
            file.writestr("mimetype", mimetype)
        for name in names:
            file.writestr(name, "x")
    return buffer.getvalue()


DOCX = archive(["[Content_Types].xml", "word/document.xml"])
XLSX = archive(["[Content_Types].xml", "xl/workbook.xml"])
ODT = archive(["content.xml"], "application/vnd.oasis.opendocument.text")


def upload(name, content):
    return SimpleUploadedFile(name, content, content_type="application/x-what-the-browser-claims")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("Plan.pdf", b"%PDF-1.7 ...", "application/pdf"),
        ("Foto.JPG", b"\xff\xd8\xff\xe0JFIF", "image/jpeg"),
        ("Foto.png", PNG, "image/png"),
        ("Foto.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        ("Foto.heic", b"\x00\x00\x00\x18ftypheic", "image/heic"),
        ("Liste.csv", "Straße;Größe".encode("cp1252"), "text/csv"),
        ("Brief.txt", "Grüße 🙂".encode(), "text/plain"),
        (
            "Brief.docx",
            DOCX,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("Liste.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("Brief.odt", ODT, "application/vnd.oasis.opendocument.text"),
    ],
)
def test_a_file_is_kept_with_its_real_type_and_its_hash(name, content, content_type):
    stored = store(upload(name, content))

    assert (stored.name, stored.content_type, stored.size) == (name, content_type, len(content))
    assert stored.content.open("rb").read() == content
    assert len(stored.sha256) == 64
    stored.content.close()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("leer.pdf", b""),
        ("virus.exe", b"MZ"),
        ("seite.html", b"<script>"),
        ("bild.svg", b"<svg onload=alert(1)>"),
        ("getarnt.pdf", b"MZ\x90"),
        ("getarnt.png", b"<html>"),
        ("getarnt.txt", b"MZ\x00\x01"),
        ("getarnt.docx", b"PK\x03\x04 no archive"),
        ("getarnt.docx", XLSX),
        ("getarnt.odt", DOCX),
        (
            "makro.docx",
            archive(["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"]),
        ),
        ("Ohne Endung", b"Hallo"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_by_name(name, content):
    with pytest.raises(ValidationError) as refusal:
        store(upload(name, content))

    assert name in refusal.value.messages[0]


def test_a_large_file_is_refused(settings):
    settings.FILE_MAX_MEGABYTES = 1

    with pytest.raises(ValidationError) as refusal:
        store(upload("gross.txt", b"a" * (1024 * 1024 + 1)))

    assert "1" in refusal.value.messages[0]


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Übersicht der Läden.pdf", "Übersicht der Läden.pdf"),
        ("U\u0308bersicht.pdf", "Übersicht.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Dokumente\\Plan.pdf", "Plan.pdf"),
        ("Rechnung\u202efdp.exe.pdf", "Rechnung fdp.exe.pdf"),
        ("Zeile\r\nX: y.pdf", "Zeile X y.pdf"),
        ("...", "Datei"),
        ("", "Datei"),
        ("\x00.pdf", "pdf"),
        ("a" * 300 + ".pdf", "a" * 146 + ".pdf"),
        ("店舗.pdf", "店舗.pdf"),
    ],
)
def test_odd_names_stay_readable_and_harmless(name, clean):
    assert clean_name(name) == clean


@pytest.mark.django_db
def test_a_download_is_saved_and_never_run():
    user = UserFactory()
    stored = store(upload("Übersicht.pdf", b"%PDF-1.7"), user=user)

    response = download(stored)

    assert b"".join(response.streaming_content) == b"%PDF-1.7"
    assert {name: response.headers[name] for name in SAFE} == SAFE
    assert stored.uploaded_by == user
    response.close()


SAFE = {
    "Content-Type": "application/pdf",
    "Content-Disposition": "attachment; filename*=utf-8''%C3%9Cbersicht.pdf",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
}


@pytest.mark.django_db
def test_a_lost_file_is_not_found():
    stored = store(upload("Plan.pdf", b"%PDF-1.7"))
    stored.content.storage.delete(stored.content.name)

    with pytest.raises(Http404):
        download(stored)


@pytest.mark.django_db(transaction=True)
def test_a_rollback_leaves_no_row_without_its_file():
    with transaction.atomic():
        store(upload("Plan.pdf", b"%PDF-1.7"))
        transaction.set_rollback(True)

    assert not StoredFile.objects.exists()


class FilesForm(Form):
    files = FilesField(required=False, most=2)


def form_with(*uploads):
    return FilesForm({}, MultiValueDict({"files": list(uploads)}))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_several_files_can_be_chosen(count):
    form = form_with(*(upload(f"{number}.txt", b"a") for number in range(count)))

    assert form.is_valid()
    assert [file.name for file in form.cleaned_data["files"]] == ["0.txt", "1.txt"][:count]


def test_too_many_files_are_refused():
    assert not form_with(*(upload(f"{number}.txt", b"a") for number in range(3))).is_valid()


def test_every_wrong_file_is_named():
    form = form_with(upload("a.exe", b"MZ"), upload("b.pdf", b"MZ"))

    assert len(form.errors["files"]) == 2

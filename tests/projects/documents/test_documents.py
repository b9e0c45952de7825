"""Documents of a project: who may read which, and what is taken."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from projects.models import Document
from tests.factories.office import CarrierFactory, CentreFactory
from tests.factories.projects import DocumentFactory, ProjectFactory
from zentrum.accounts.roles import Role
from zentrum.files.models import StoredFile

pytestmark = pytest.mark.django_db


def url(name, project, *more):
    return reverse(f"projects:{name}", args=[project.pk, *more])


def public_url(document):
    args = [document.project.reference, document.pk]
    return reverse("projects:project_public_document", args=args)


def upload(content=b"Plan", name="Lageplan.txt"):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def project(sign_in):
    manager = sign_in(Role.MANAGER, centre=CentreFactory())
    return ProjectFactory(centre=manager.current_mandates[0].centre, lead=manager)


@pytest.mark.parametrize(
    ("role", "internal", "public"),
    [
        (Role.MANAGER, 200, 200),
        (Role.DEPUTY, 200, 200),
        (Role.DESK, 200, 200),
        (Role.CITY, 404, 200),
        (Role.BODY_MEMBER, 404, 200),
        (Role.TECHNICAL, 403, 403),
    ],
)
def test_internal_documents_stay_with_the_desk(client, sign_in, role, internal, public):
    project = ProjectFactory(is_public=True)
    rows = [DocumentFactory(project=project, is_public=is_public) for is_public in (False, True)]
    sign_in(role, centre=project.centre)

    answers = [client.get(url("document_file", project, row.pk)) for row in rows]
    for answer in answers:
        b"".join(answer)  # a file is closed once it is read to its end

    assert [answer.status_code for answer in answers] == [internal, public]
    if role != Role.TECHNICAL:
        page = client.get(project.get_absolute_url()).content.decode()
        assert [row.title in page for row in rows] == [internal == 200, True]


def test_another_carrier_reads_no_document(client, sign_in):
    document = DocumentFactory(is_public=True)
    sign_in(Role.MANAGER, centre=document.project.centre, carrier=CarrierFactory())

    assert client.get(url("document_file", document.project, document.pk)).status_code == 404


@pytest.mark.parametrize(
    ("of_project", "of_document", "status"),
    [(True, True, 200), (True, False, 404), (False, True, 404), (False, False, 404)],
)
def test_everybody_reads_public_documents_of_public_projects(
    client, of_project, of_document, status
):
    document = DocumentFactory(project__is_public=of_project, is_public=of_document)

    answer = client.get(public_url(document))

    assert answer.status_code == status
    if status == 200:
        assert b"".join(answer.streaming_content) == b"Plan"
        assert 'filename="plan.txt"' in answer["Content-Disposition"]
        assert document.title in client.get(document.project.get_public_url()).content.decode()


def test_a_document_is_only_found_under_its_own_project(client):
    document = DocumentFactory(project__is_public=True, is_public=True)
    other = ProjectFactory(is_public=True)
    args = [other.reference, document.pk]

    assert client.get(reverse("projects:project_public_document", args=args)).status_code == 404


def test_document_is_added_once_changed_and_taken_away_with_its_file(
    client, project, django_capture_on_commit_callbacks
):
    for _ in range(2):
        answer = client.post(url("document_create", project), {"upload": upload()})
    document = Document.objects.get()
    kept = (document.title, document.is_public, StoredFile.objects.count())
    client.post(url("document_update", project, document.pk), {"title": "Plan", "is_public": "on"})
    document.refresh_from_db()
    path = document.file.content.name
    was_there = default_storage.exists(path)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            client.post(url("document_remove", project, document.pk))

    assert answer.url == project.get_absolute_url()
    assert kept == ("Lageplan", False, 1)
    assert (document.title, document.is_public) == ("Plan", True)
    assert (Document.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert (was_there, default_storage.exists(path)) == (True, False)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": "Plan"}, "upload"),
        ({"upload": upload(b"MZ", "virus.exe")}, "upload"),
        ({"upload": upload(b"")}, "upload"),
        ({"upload": upload(b"%PDF-1.7", "bild.png")}, "upload"),
        ({"upload": upload(), "title": "x" * 201}, "title"),
        ({"upload": upload(), "title": "\0"}, "title"),
    ],
    ids=lambda value: f"{value!s:.40}",
)
def test_what_cannot_be_a_document_is_refused_in_words(client, project, fields, wrong):
    page = client.post(url("document_create", project), fields)

    assert (page.status_code, list(page.context["form"].errors)) == (200, [wrong])
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("role", [Role.DESK, Role.CITY, Role.BODY_MEMBER])
def test_only_who_leads_the_desk_adds_documents(client, sign_in, role):
    project = ProjectFactory()
    sign_in(role, centre=project.centre)

    assert client.post(url("document_create", project), {"upload": upload()}).status_code == 403

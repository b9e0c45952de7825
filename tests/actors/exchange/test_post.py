import io
import zipfile

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse

from actors.exchange import letters
from actors.models import LetterTemplate
from tests.factories.actors import ActorFactory, AddressFactory, EmailAddressFactory
from tests.factories.office import CentreFactory, MandateFactory, TownFactory
from zentrum.accounts.roles import Role
from zentrum.files.models import StoredFile
from zentrum.files.services import store

POST_URL = reverse("actors:post")
LABELS_URL = reverse("actors:labels_pdf")
LETTERS_URL = reverse("actors:letters_file")
TEMPLATES_URL = reverse("actors:letter_template_list")
TEXT = "{% if vorname %}Guten Tag {{ vorname }} {{ nachname }}{% else %}{{ name }}{% endif %}"


def word(*paragraphs, header=""):
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def texts(content):
    return [p.text for p in docx.Document(io.BytesIO(content)).paragraphs if p.text.strip()]


@pytest.fixture
def centre(sign_in):
    TownFactory()
    centre = CentreFactory()
    sign_in(Role.MANAGER, centre=centre)
    return centre


@pytest.fixture
def people(centre):
    """Two to be written to, one with e-mail, one without an address."""
    person = ActorFactory(centre=centre, name="Kühn & <Co>", given_name="Eva", kind="person")
    firm = ActorFactory(centre=centre, name="Möwe", legal_form="GmbH")
    mailed = ActorFactory(centre=centre, name="Mit Mail")
    for actor in (person, firm, mailed):
        AddressFactory(actor=actor, street="Ufer 1")
    EmailAddressFactory(actor=mailed)
    ActorFactory(centre=centre, name="Ohne alles")
    return person, firm


def keep(client, content, name="Einladung", file_name="brief.docx"):
    upload = SimpleUploadedFile(file_name, content)
    return client.post(TEMPLATES_URL, {"name": name, "upload": upload})


def test_page_says_who_is_written_to_and_who_cannot_be(client, people):
    context = client.get(POST_URL).context

    assert (context["total"], context["reachable"], context["unreachable"]) == (4, 2, 1)
    assert [str(actor) for actor in context["without_address"]] == ["Ohne alles"]


def test_labels_are_a_pdf_of_as_many_sheets_as_needed(client, people):
    one = client.get(LABELS_URL, {"first": 23})
    two = client.get(LABELS_URL, {"first": 24})

    assert one["Content-Type"] == "application/pdf"
    assert [answer.content.count(b"/Type/Page/") for answer in (one, two)] == [1, 2]


@pytest.mark.parametrize("name", ["👩‍🍳 مخبز 面包", "x" * 200, "\u038b\U0010ffff\u202e"])
def test_name_of_any_letters_gets_its_label(client, centre, name):
    AddressFactory(actor=ActorFactory(centre=centre, name=name))

    assert client.get(LABELS_URL, {"first": 1}).content.startswith(b"%PDF")


@pytest.mark.parametrize("first", ["0", "25", "x", ""])
def test_label_that_is_not_on_the_sheet_is_refused_with_the_filter_kept(client, people, first):
    response = client.get(LABELS_URL, {"first": first, "kind": "person"})

    assert list(response.context["labels_form"].errors) == ["first"]
    assert response.context["kept"] == [("kind", "person")]


def test_letters_in_one_document_are_each_on_a_page_of_their_own(client, people):
    keep(client, word(TEXT, "{{ strasse }}, {{ plz }} {{ ort }}"))
    template = LetterTemplate.objects.get()

    response = client.get(LETTERS_URL, {"template": template.pk, "shape": "document"})

    assert texts(response.content) == [
        *("Guten Tag Eva Kühn & <Co>", "Ufer 1, 10551 Berlin"),
        *("Möwe GmbH", "Ufer 1, 10551 Berlin"),
    ]
    whole = zipfile.ZipFile(io.BytesIO(response.content)).read("word/document.xml")
    assert whole.count(b'w:type="page"') == 1


def test_letters_as_zip_are_a_document_per_actor(client, people):
    keep(client, word(TEXT))
    query = {"template": LetterTemplate.objects.get().pk, "shape": "zip", "kind": "organisation"}

    archive = zipfile.ZipFile(io.BytesIO(client.get(LETTERS_URL, query).content))

    assert [(name, texts(archive.read(name))) for name in archive.namelist()] == [
        ("001 Möwe GmbH.docx", ["Möwe GmbH"])
    ]


def test_name_with_placeholders_and_control_marks_is_written_as_it_is(client, centre):
    actor = ActorFactory(centre=centre, name="{{ 7*7 }} {% if %} \x0b <w:p/>")
    AddressFactory(actor=actor)
    keep(client, word("{{ name }}"))
    query = {"template": LetterTemplate.objects.get().pk, "shape": "document"}

    assert texts(client.get(LETTERS_URL, query).content) == ["{{ 7*7 }} {% if %}  <w:p/>"]


BAD = [
    b"",
    b"PK\x03\x04",
    b"%PDF-1.7",
    word("{{ name"),
    word("{{ geburtstag }}"),
    word("{{ name.__class__.__mro__ }}"),
    word("{{ 'a' * 10**9 }}"),
    word("{% for i in range(10**9) %}x{% endfor %}"),
    word("{% set x = name %}{{ x }}"),
    word("{{ cycler.__init__.__globals__ }}"),
    word("{% include 'x' %}"),
    word("Text", header="{{ name }}"),
]


@pytest.mark.parametrize("content", BAD)
def test_template_that_cannot_be_filled_is_refused_with_the_name_kept(client, centre, content):
    response = keep(client, content, name="Mein Brief")

    assert len(response.context["form"].errors) == 1
    assert 'value="Mein Brief"' in response.content.decode()
    assert (LetterTemplate.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_template_without_placeholders_and_with_a_picture_of_words_is_kept(client, centre):
    assert keep(client, word("Guten Tag", "Straße 👩‍🍳")).url == TEMPLATES_URL


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": ""}, "name"), ({"name": "x" * 101}, "name"), ({"file_name": "brief.pdf"}, "upload")],
)
def test_bad_field_of_a_template_is_refused(client, centre, changes, field):
    response = keep(client, word("Text"), **changes)

    assert list(response.context["form"].errors) == [field]


def test_second_template_of_a_name_is_refused(client, centre):
    keep(client, word("Text"))

    assert keep(client, word("Text")).context["form"].errors
    assert LetterTemplate.objects.count() == 1


def test_template_is_downloaded_and_removed_with_its_file(client, centre):
    content = word("Text")
    keep(client, content)
    template = LetterTemplate.objects.get()

    response = client.get(reverse("actors:letter_template_file", args=[template.pk]))
    assert b"".join(response.streaming_content) == content

    client.post(reverse("actors:letter_template_remove", args=[template.pk]))
    assert (LetterTemplate.objects.count(), StoredFile.objects.count()) == (0, 0)


def stored(name, **fields):
    file = store(SimpleUploadedFile("brief.docx", word("Text")))
    return LetterTemplate.objects.create(name=name, file=file, **fields)


@pytest.mark.parametrize("name", ["letter_template_file", "letter_template_remove"])
def test_template_of_another_centre_does_not_exist(client, centre, name):
    foreign = stored("Fremd", centre=CentreFactory())

    assert client.post(reverse(f"actors:{name}", args=[foreign.pk])).status_code == 404
    assert list(client.get(TEMPLATES_URL).context["templates"]) == []
    query = {"template": foreign.pk, "shape": "zip"}
    assert "template" in client.get(LETTERS_URL, query).context["letters_form"].errors
    assert not client.get(POST_URL).context["has_templates"]
    assert LetterTemplate.objects.get() == foreign


def test_template_of_the_town_is_used_by_all_and_removed_by_who_leads_all(client, centre, sign_in):
    town = stored("Stadt")
    url = reverse("actors:letter_template_remove", args=[town.pk])
    page = client.get(TEMPLATES_URL)
    assert (list(page.context["templates"]), page.context["removable"]) == ([town], set())
    assert url not in page.content.decode()
    assert client.post(url).status_code == 404

    sign_in(Role.MANAGER, centre=None, carrier=centre.carrier)
    assert client.get(TEMPLATES_URL).context["removable"] == {town.pk}
    client.post(url)

    assert not LetterTemplate.objects.exists()


@pytest.mark.parametrize("role", [Role.DESK, Role.CITY])
def test_template_of_the_town_is_seen_by_those_who_lead(sign_in, centre, role):
    stored("Stadt")

    assert not LetterTemplate.objects.visible_to(sign_in(role, centre=centre)).exists()


def test_template_belongs_to_the_centre_that_its_keeper_leads(client, centre, sign_in):
    keep(client, word("Text"))
    assert LetterTemplate.objects.get().centre == centre

    sign_in(Role.MANAGER, centre=None, carrier=centre.carrier)
    keep(client, word("Text"))
    assert keep(client, word("Text")).context["form"].errors

    assert LetterTemplate.objects.filter(centre=None, name="Einladung").count() == 1


def test_who_leads_two_centres_says_whose_template_it_is(client, centre, sign_in):
    user = sign_in(Role.MANAGER, centre=centre)
    other = MandateFactory(user=user, role=Role.MANAGER).centre
    foreign = CentreFactory()
    upload = word("Text")

    for given in ("", foreign.pk):
        data = {"name": "A", "centre": given, "upload": SimpleUploadedFile("a.docx", upload)}
        assert list(client.post(TEMPLATES_URL, data).context["form"].errors) == ["centre"]
    data = {"name": "A", "centre": other.pk, "upload": SimpleUploadedFile("a.docx", upload)}
    client.post(TEMPLATES_URL, data)

    assert LetterTemplate.objects.get().centre == other


def test_database_keeps_the_name_of_a_town_template_once(centre):
    stored("Stadt")

    with pytest.raises(IntegrityError, match="letter_template_name_once"):
        stored("Stadt")


def test_too_many_letters_are_refused(client, people, monkeypatch):
    monkeypatch.setattr(letters, "MOST_LETTERS", 1)
    keep(client, word(TEXT))

    response = client.get(
        LETTERS_URL, {"template": LetterTemplate.objects.get().pk, "shape": "zip"}
    )

    assert len(response.context["letters_form"].non_field_errors()) == 1


@pytest.mark.parametrize("query", [{}, {"template": "9", "shape": "zip"}, {"template": "x"}])
def test_letter_that_is_not_there_is_refused(client, people, query):
    assert "template" in client.get(LETTERS_URL, query).context["letters_form"].errors


@pytest.mark.parametrize("address", [LABELS_URL + "?first=1", POST_URL])
@pytest.mark.parametrize("count", [1, 3])
def test_post_needs_the_same_queries_for_any_length(
    client, centre, django_assert_max_num_queries, address, count
):
    for _number in range(count):
        AddressFactory(actor=ActorFactory(centre=centre))

    with django_assert_max_num_queries(13):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("role", [Role.DESK, Role.CITY, Role.BODY_MEMBER, Role.TECHNICAL])
def test_only_manager_and_deputy_write_letters(client, sign_in, role):
    sign_in(role, centre=CentreFactory())

    urls = [POST_URL, LABELS_URL, LETTERS_URL, TEMPLATES_URL]
    assert [client.get(url).status_code for url in urls] == [403] * 4

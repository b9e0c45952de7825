"""An Auskunft is read by people: every table and column in it has a name in words."""

import pytest
from django.db import models
from django.urls import reverse
from django.utils.functional import Promise
from pghistory.models import Event

from actors.models import Actor, Disclosure
from actors.privacy import preparing
from actors.privacy.disclosing import NOT_TOLD, SKIPPED, disclose
from actors.privacy.tracing import pointing_at, swept_models
from actors.privacy.wording import COLUMNS, TABLES, in_reading_order
from contacts.models import Case, Message
from projects.models import Idea
from tests.factories.actors import ActorFactory, EmailAddressFactory, SourceRecordFactory
from tests.factories.contacts import CaseFactory, ConsultationFactory, MessageFactory
from tests.factories.office import CentreFactory, UserFactory
from zentrum.accounts.roles import Role
from zentrum.files.models import StoredFile

OF_A_CASE = ("drafts", "submission", "consultations", "incoming_mails")


def told_models():
    """Every table of which a row may stand in an Auskunft."""
    told = {Actor, Case, Idea, Message, StoredFile}
    told |= {relation.related_model for relation in pointing_at(Actor)}
    told |= {Case._meta.get_field(name).related_model for name in OF_A_CASE}
    for model in swept_models():
        if any(isinstance(field, models.EmailField) for field in model._meta.fields):
            told.add(model)
    return {
        model
        for model in told
        if not issubclass(model, Event) and not model._meta.auto_created
        if model._meta.label_lower not in NOT_TOLD
    }


def test_every_table_and_column_of_an_auskunft_has_a_name_in_words():
    """A new one: give it a verbose name or write one into `wording`."""
    nameless = set()
    for model in told_models():
        if not isinstance(model._meta.verbose_name, Promise):
            nameless |= {model._meta.label_lower} - set(TABLES)
        for field in model._meta.local_fields:
            is_told = field.name not in SKIPPED and not isinstance(field, models.GeneratedField)
            if is_told and not isinstance(field.verbose_name, Promise):
                nameless |= {field.name} - set(COLUMNS)

    assert nameless == set()


def test_name_comes_first_and_what_stood_here_once_last():
    keys = ["former", "actors.importrow", "a.new", "contacts.case", "actors.phonenumber"]

    assert in_reading_order([*keys, "actors.actor"]) == [
        "actors.actor",
        "actors.phonenumber",
        "contacts.case",
        "a.new",
        "actors.importrow",
        "former",
    ]


@pytest.mark.django_db
def test_page_lists_the_tables_as_the_file_does(client, sign_in):
    """The database keeps the counts in an order of its own: by the length of the key."""
    actor = ActorFactory(centre=CentreFactory())
    EmailAddressFactory(actor=actor)
    SourceRecordFactory(actor=actor)
    MessageFactory(case=CaseFactory(actor=actor))
    sign_in(Role.MANAGER, centre=actor.centre)
    row = Disclosure.objects.create(actor=actor, by=UserFactory())
    preparing.put_together(row.pk)

    page = client.get(reverse("actors:disclosure_detail", args=[row.pk]))

    shown = [title for title, _rows in page.context["counts"]]
    assert shown == [section.title for section in disclose(actor).sections]
    assert shown == [
        "Akteure",
        "E-Mail-Adressen",
        "Vorgänge",
        "Nachrichten",
        "Zeilen der Quellen",
        "Frühere Werte",
    ]


@pytest.mark.django_db
def test_column_that_the_history_leaves_out_is_no_former_value():
    """The draft of a consultation is nobody's business, so the history keeps none."""
    actor = ActorFactory()
    consultation = ConsultationFactory(actor=actor, subject="Alt")
    consultation.subject, consultation.draft = "Neu", "Noch nicht fertig"
    consultation.save()

    rows = disclose(actor).sections[-1].rows

    assert [list(row.values.values())[:3] for row in rows] == [["Rückfrage", "Betreff", "Alt"]]

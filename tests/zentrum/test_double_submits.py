"""The same form sent twice: nothing is there twice, no mail goes out twice."""

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import docx
import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actors.models import (
    Actor,
    ActorNote,
    ImportRun,
    Introduction,
    LetterTemplate,
    Occupancy,
    Relation,
    Sighting,
    SpaceRequest,
    Unit,
    Walk,
)
from actors.privacy.planning import plan
from contacts.cases.links import confirm_token, status_token
from contacts.consultations.links import answer_token
from contacts.intake import keys
from contacts.models import Case, Consultation, FollowUp, Message
from projects.ideas.guarding import sign
from projects.ideas.supporters import SIGNER
from projects.models import (
    Booking,
    FieldOfAction,
    Goal,
    Idea,
    IdeaFollower,
    Indicator,
    Milestone,
    Participant,
    Programme,
    ProgressNote,
    Project,
    Reading,
    SynonymGroup,
    Worksheet,
)
from tests.actors.directory.forms_data import form_data
from tests.concurrency import run_at_once
from tests.factories.actors import ActorFactory, EmailAddressFactory
from tests.factories.contacts import CaseFactory
from tests.factories.office import CentreFactory, MandateFactory
from tests.factories.projects import IdeaFactory, IdeaFollowerFactory, SupporterFactory
from tests.zentrum import test_foreign_ids as foreign
from tests.zentrum.desk_rows import Rows, ask, rows_of
from tests.zentrum.test_access import ALL, SIGN_IN
from zentrum.accounts.models import User
from zentrum.accounts.roles import Role
from zentrum.files.models import StoredFile
from zentrum.files.services import store
from zentrum.mail.models import OutgoingMail
from zentrum.office.models import Absence, Carrier

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
APPS = ("actors", "projects", "contacts", "office", "mail", "files", "accounts")
TODAY = timezone.localdate().isoformat()
LATER = "2099-01-04"
OUTREACH = {
    "version": 0,
    "recipient": "Bauamt",
    "email": "amt@example.org",
    "subject": "Tische",
} | {
    "text": "Wie breit?",
    "due_on": "2099-01-05",
}
LATER_ON = (timezone.localdate() + timedelta(days=9)).isoformat()
MONEY = {"kind": "planned", "year": LATER[:4], "booked_on": TODAY}
AREA = '{"type": "Polygon", "coordinates": [[[13, 52], [13.1, 52], [13.1, 52.1], [13, 52]]]}'
INDICATOR = {"name": "Leerstand", "unit": "Läden", "baseline_value": 20, "target_value": 10}
INDICATOR |= {"baseline_on": "2024-01-01", "target_on": LATER}
READING = {"value": "15.5", "measured_on": TODAY, "provider": "Büro", "source": "Rundgang"}
SITE = {"title": "Kanal", "text": "Laut", "starts_on": TODAY, "contact": "Jo", "buffer": 50} | {
    "corners": "52.53 13.34\n52.53 13.35\n52.54 13.35"
}
PUBLIC_FORM = {"text": "Eine", "name": "Jo", "email": "jo@example.org"}
# What a press of each button sends, beside the ids that `sent` gives.
FORMS: dict[str, dict[str, Any]] = {
    "contacts:idea_submit": PUBLIC_FORM | {"title": "Bank", "position_0": "", "position_1": ""},
    "contacts:barrier_report": PUBLIC_FORM,
    "contacts:draft_save": PUBLIC_FORM,
    "contacts:draft_discard": {},
    "contacts:case_create": {
        "subject": "Kehren",
        "until": "promise",
        "channel": "phone",
        "kind": "enquiry",
        "email": "jo@example.org",
    },
    "contacts:case_reply": {"reply-version": 0, "reply-then": "keep", "reply-by_mail": "on"}
    | {"reply-text": "Gern.", "reply-until": LATER},
    "contacts:mail_try_again": {},
    "contacts:mail_make_case": {},
    "contacts:mail_discard": {},
    "contacts:message_move": {},
    "contacts:message_split": {},
    "contacts:case_merge": {},
    "contacts:suggestion_drop": {},
    "contacts:mailbox_create": {"name": "Post", "address": "neu@a.de", "port": 993}
    | {"security": "tls", "login": "password", "folder": "INBOX", "starts_on": TODAY},
    "contacts:mailbox_update": {"name": "Post", "address": "neu@a.de", "port": 993}
    | {"security": "tls", "login": "password", "folder": "INBOX", "starts_on": TODAY},
    "contacts:case_note": {"note-text": "Intern"},
    "contacts:case_hand_over": {"hand_over-version": 0},
    "contacts:case_wait": {"wait-version": 0, "wait-until": LATER, "wait-waiting_for": "Amt"}
    | {"wait-waiting_on": "third_party"},
    "contacts:case_promise": {"promise-version": 0, "promise-reply_by": LATER}
    | {"promise-reason": "Das Amt antwortet."},
    "contacts:reply_periods": {"enquiry": 3},
    "contacts:follow_up_create": {"working_days": 5, "text": "Anrufen", "repeat": "weekly"},
    "contacts:follow_up_update": {"due_on": LATER_ON, "text": "Anrufen", "version": 0},
    "contacts:follow_up_complete": {"version": 0},
    "contacts:follow_up_withdraw": {"version": 0},
    "contacts:reminder_settings": {"digest_days": ["0"], "wants_single": "on"},
    "contacts:case_close": {"close-version": 0, "close-outcome": "withdrawn"},
    "contacts:case_reopen": {"version": 0},
    "contacts:case_resume": {"version": 0},
    "contacts:case_adopt": {"adopt-version": 0, "adopt-title": "Bank"},
    "contacts:case_link_actor": {"actor-version": 0},
    "contacts:case_mark_read": {},
    "contacts:consultation_create": {f"ask-{name}": value for name, value in OUTREACH.items()},
    "contacts:referral_create": {f"refer-{name}": value for name, value in OUTREACH.items()},
    "contacts:consultation_note": {"decision": "answer", "text": "1,50 m"},
    "contacts:consultation_withdraw": {},
    "contacts:consultation_remind": {},
    "contacts:consultation_answer": {"decision": "answer", "text": "1,50 m"},
    "contacts:consultation_draft": {"text": "1,50"},
    "contacts:reply_draft_save": {"reply-text": "Gern"},
    "contacts:reply_draft_discard": {},
    "contacts:reply_to_all": {"reply-text": "Gern"},
    "contacts:presence_beat": {},
    "contacts:reply_wording": {"reply-text": "Gern"},
    "contacts:template_create": {"name": "Danke", "text": "Danke"},
    "contacts:template_update": {"name": "Danke", "text": "Danke"},
    "contacts:template_remove": {},
    "contacts:signature_update": {"text": "Ihr Büro"},
    "contacts:submission_release": {},
    "contacts:submission_discard": {},
    "contacts:case_status": {"text": "Danke"},
    "contacts:email_confirm": {},
    "projects:follower_stop": {},
    "projects:idea_comment": {"text": "Gut", "name": "Jo", "email": "jo@example.org"},
    "projects:comment_decide": {"to": "shown"},
    "projects:idea_support_ask": {"email": "jo@example.org"},
    "projects:idea_support": {"confirm": "1"},
    "projects:idea_create": {"title": "Bank", "text": "Eine", "received_on": TODAY}
    | {"author_email": "jo@example.org"},
    "projects:idea_update": {"title": "B", "text": "Eine", "received_on": TODAY, "version": 0},
    "projects:idea_move": {"to": "parked", "reason": "Später", "version": 0}
    | {"returns_on": LATER_ON},
    "projects:idea_bundle": {"title": "Bank", "text": "Eine", "reason": "Zusammen"},
    "projects:idea_release": {"title": "Bank", "public_text": "Eine", "version": 0},
    "projects:idea_withdraw_release": {},
    "projects:idea_confirm_author": {},
    "projects:idea_join": {},
    "projects:synonym_create": {"words": "Bank\nSitzbank"},
    "projects:synonym_update": {"words": "Rad\nVelo", "version": 0},
    "projects:synonym_remove": {},
    "projects:project_create": {"title": "Platz", "summary": "Bänke", "starts_on": TODAY},
    "projects:project_update": {"title": "Platz", "summary": "Bänke", "starts_on": TODAY}
    | {"version": 0},
    "projects:project_move": {"to": "paused", "reason": "Geld", "version": 0},
    "projects:project_light": {"light": "yellow", "light_sentence": "Zäh", "version": 0},
    "projects:note_create": {"text": "Die Bänke stehen.", "is_public": "on"},
    "projects:milestone_create": {"title": "Vergabe", "planned_on": TODAY},
    "projects:milestone_update": {"title": "Vergabe", "planned_on": TODAY},
    "projects:milestone_reach": {},
    "projects:participant_create": {},
    "projects:participant_delete": {},
    "projects:site_notice_create": SITE,
    "projects:site_notice_update": SITE,
    "projects:site_notice_tell": {},
    "projects:document_create": {"title": "Plan"},
    "projects:document_update": {"title": "Plan"},
    "projects:document_remove": {},
    "projects:programme_create": {"name": "Mitte", "starts_on": TODAY},
    "projects:programme_update": {"name": "Mitte", "starts_on": TODAY, "version": 0},
    "projects:programme_boundary": {"text": AREA},
    "projects:goal_create": {"title": "Weniger Leerstand"},
    "projects:goal_update": {"title": "Weniger Leerstand", "version": 0},
    "projects:goal_place": {"place": 1},
    "projects:goal_remove": {},
    "projects:indicator_create": INDICATOR,
    "projects:indicator_update": INDICATOR | {"version": 0},
    "projects:reading_create": READING,
    "projects:reading_update": READING | {"version": 0},
    "projects:project_goals": {"version": 0},
    "projects:idea_goals": {"version": 0},
    "projects:idea_worksheet_update": {"benefit": "Schatten", "cost": 4000, "version": 0},
    "projects:booking_create": MONEY | {"source": "state", "amount": "1.234,50"},
    "projects:booking_split": MONEY | {"total": "100,00", "federal": 1, "state": 1, "town": 1},
    "projects:booking_correct": {"to": "5,00", "text": "Zahlendreher"},
    "actors:actor_create": {},
    "actors:actor_update": {},
    "actors:actor_archive": {},
    "actors:actor_unarchive": {},
    "actors:actor_merge": {"name": "kept", "address": "kept"}
    | {"kept_version": 0, "merged_version": 0},
    "actors:candidate_reject": {},
    "actors:candidate_find": {},
    "actors:merge_undo": {},
    "actors:expertise_create": {"name": "Denkmalschutz"},
    "actors:expertise_update": {"name": "Licht", "note": "Schaufenster"},
    "actors:expertise_delete": {},
    "actors:letter_template_list": {"name": "Einladung"},
    "actors:letter_template_remove": {},
    "actors:note_create": {"text": "Kennt alle"},
    "actors:contact_person_set": {"starts_on": TODAY},
    "actors:contact_person_withdraw": {},
    "actors:handover_tell": {},
    "actors:visit_plan": {},
    "actors:visit_save": {"text": "Hat Zeit"},
    "actors:visit_drop": {},
    "actors:introduction_create": {"text": "Guten Tag", "agreed": "on"},
    "actors:relation_create": {"kind": "owns"},
    "actors:relation_update": {"kind": "owns"},
    "actors:relation_end": {},
    "actors:consent_create": {"purpose": "news", "text_version": "1", "source": "Formular"}
    | {"given_on": TODAY},
    "actors:consent_withdraw": {"withdrawn_on": TODAY},
    "actors:disclosure": {},
    "actors:disclosure_download": {},
    "actors:actor_erase": {"reason": "Antrag"},
    "actors:proposal_decide": {"decision": "keep", "reason": "Streit"},
    "actors:rule_update": {"months": 6, "action": "delete", "purpose": "a", "legal_basis": "b"},
    "actors:import_create": {"source": "osm"},
    "actors:import_mapping": {"name": "Name"},
    "actors:import_confirm": {},
    "actors:import_resume": {},
    "actors:lost_list": {"on": LATER, "all": "1"},
    "actors:lost_still_there": {},
    "actors:quota_delete": {},
    "actors:seat_end": {},
    "actors:unit_create": {"street": "Weg", "number": "1"},
    "actors:unit_update": {"street": "Weg", "number": "2"},
    "actors:unit_archive": {},
    "actors:unit_unarchive": {},
    "actors:units_propose": {},
    "actors:occupancy_create": {"state": "trading", "starts_on": TODAY, "confidence": 2}
    | {"ends_previous": "on"},
    "actors:occupancy_update": {"state": "interim", "starts_on": "2024-01-01", "confidence": 2},
    "actors:occupancy_end": {"on": TODAY},
    "actors:occupancy_remove": {},
    "actors:walk_create": {"walked_on": TODAY},
    "actors:walk_finish": {},
    "actors:sighting_save": {"state": "vacant"},
    "actors:space_request_create": {},
    "actors:space_request_update": {},
    "actors:space_request_settle": {},
    "actors:space_request_reopen": {},
    "mail:outgoing_try_again": {},
    "office:town_update": {"name": "Stadt", "office_name": "Büro", "land": "BE"}
    | {"promise_days": 5},
    "office:centre_create": {"name": "Süd"},
    "office:centre_update": {"name": "Süd", "office_hours-TOTAL_FORMS": 1}
    | {"office_hours-INITIAL_FORMS": 0, "office_hours-0-weekday": 1}
    | {"office_hours-0-opens_at": "09:00", "office_hours-0-closes_at": "17:00"},
    "office:closingday_create": {"starts_on": LATER, "ends_on": LATER, "reason": "Umbau"},
    "office:closingday_delete": {},
    "office:absence_create": {"starts_on": LATER, "ends_on": LATER},
    "office:absence_delete": {},
    "office:carrier_create": {"name": "Verein", "kind": "institution"},
    "office:mandate_create": {"role": "desk", "starts_on": TODAY},
    "office:mandate_end": {"ends_on": LATER},
    "accounts:user_create": {"name": "Neu", "email": "neu@example.org"},
    "accounts:user_update": {"name": "Neu", "email": "neu@example.org", "is_active": "on"},
    "accounts:user_invite": {},
}
ANSWERED_IN_PLACE = {
    "actors:disclosure_download",
    "contacts:consultation_draft",
    "contacts:draft_save",
    "contacts:presence_beat",
    "contacts:reply_draft_save",
    "projects:follower_stop",
}
TECHNICAL = ("accounts:", "office:mandate_")
# The state in which a step is possible.
BEFORE: dict[str, dict[str, Any]] = {
    "contacts:case_reopen": {
        "state": "closed",
        "outcome": "withdrawn",
        "closed_at": timezone.now(),
    },
    "contacts:case_resume": {"state": "waiting", "waiting_until": LATER},
}


@pytest.fixture
def rows(db, monkeypatch) -> Rows:
    monkeypatch.setattr("contacts.intake.suspicion.FASTEST_SECONDS", -1)
    monkeypatch.setattr("projects.ideas.guarding.FASTEST_SECONDS", -1)
    centre = CentreFactory()
    rows = rows_of(centre, centre.carrier)
    # References of a former year: the portal counts from 0001 this year.
    Idea.objects.update(reference="I-2020-0001", author_confirmed_at=timezone.now())
    Case.objects.update(reference="V-2020-0001", sender_email="jo@example.org")
    Project.objects.update(reference="P-2020-0001")
    IdeaFollowerFactory(idea=rows["idea"])
    FieldOfAction.objects.get_or_create(name="Platz")
    rows["case"].refresh_from_db()
    file = store(SimpleUploadedFile("gruss.docx", letter()))
    template = LetterTemplate.objects.create(name="Gruß", centre=centre, file=file)
    synonyms = SynonymGroup.objects.create()
    return rows | {"letter_template": template, "synonyms": synonyms}


def address(name: str, rows: Rows) -> str:
    sample = dict(ALL)[name]
    about_ours = {
        "contacts:email_confirm": lambda: [confirm_token(rows["case"])],
        "contacts:case_status": lambda: [status_token(rows["case"])],
        "contacts:consultation_answer": lambda: [answer_token(rows["consultation"])],
        "contacts:consultation_draft": lambda: [answer_token(rows["consultation"])],
        "projects:follower_stop": lambda: [IdeaFollower.objects.get().token],
        "projects:idea_comment": lambda: [public_idea(rows).reference],
        "projects:idea_support_ask": lambda: [public_idea(rows).reference],
        "projects:idea_support": lambda: [
            SIGNER.sign(SupporterFactory(idea=public_idea(rows)).token)
        ],
        "projects:participant_delete": lambda: [rows["project"].pk, rows["participant"].pk],
        "projects:document_remove": lambda: [rows["project"].pk, rows["document"].pk],
        "projects:goal_remove": lambda: [rows["programme"].pk, rows["goal"].pk],
        "office:mandate_end": lambda: [rows["person"].mandates.get().pk],
        "office:mandate_create": lambda: [rows["person"].pk],
        "actors:letter_template_file": lambda: [rows["letter_template"].pk],
        "actors:letter_template_remove": lambda: [rows["letter_template"].pk],
        "actors:rule_update": lambda: [rows["proposal"].rule_id],
        "projects:synonym_update": lambda: [rows["synonyms"].pk],
        "projects:synonym_remove": lambda: [rows["synonyms"].pk],
        "accounts:user_update": lambda: [rows["person"].pk],
        "accounts:user_invite": lambda: [rows["person"].pk],
    }
    if name == "contacts:follow_up_create":
        return reverse(name) + f"?about=case-{rows['case'].pk}"
    if name in about_ours:
        return reverse(name, args=about_ours[name]())
    if name in foreign.WITH_IDS:
        return foreign.address(name, rows, rows)
    return reverse(name, kwargs=sample)


def public_idea(rows: Rows) -> Idea:
    Idea.objects.filter(pk=rows["idea"].pk).update(released_at=timezone.now(), public_text="Eine")
    return Idea.objects.get(pk=rows["idea"].pk)


def sent(name: str, rows: Rows) -> Rows:
    """The form as it is sent, twice the same; a form takes from it what it knows."""
    colleague = MandateFactory(centre=rows["centre"], carrier=rows["carrier"]).user
    other = ActorFactory(centre=rows["centre"])
    data = form_data(rows["centre"], submission=str(uuid4()), version="0")
    data |= {
        "form_key": keys.sign(uuid4()),
        "shown": sign(),
        "desk": f"{rows['carrier'].pk}-{rows['centre'].pk}",
        "carrier": rows["carrier"].pk,
        "lead": rows["person"].pk,
        "user": rows["person"].pk,
        "deputy": colleague.pk,
        "hand_over-to": colleague.pk,
        "assignee": rows["person"].pk,
        "field_of_action": FieldOfAction.objects.first().pk,
        "project": rows["project"].pk,
        "seen_at": rows["occupancy"].updated_at.isoformat(),
        "other_pick": other.pk,
        "actor_pick": other.pk,
        "actor-actor_pick": other.pk,
    }
    if name in ("contacts:message_move", "contacts:case_merge"):
        case = CaseFactory(centre=rows["centre"], carrier=rows["carrier"])
        data |= {"reference": case.reference}
    if name == "projects:idea_bundle":
        desk = {"centre": rows["centre"], "carrier": rows["carrier"]}
        other = IdeaFactory(**desk, reference="I-2020-0002")
        data |= {"idea": ["I-2020-0001", other.reference]}
    if name == "actors:introduction_create":
        pair = [EmailAddressFactory(actor__centre=rows["centre"]).actor.pk for _ in range(2)]
        data |= dict(zip(("first_pick", "second_pick"), pair, strict=True))
    if name == "actors:actor_erase":
        data |= {"name": str(rows["actor"]), "fingerprint": plan(rows["actor"]).fingerprint}
    return data | FORMS[name]


def browser(rows: Rows, role: Role = Role.MANAGER) -> Client:
    client = Client()
    user = MandateFactory(role=role, centre=rows["centre"], carrier=rows["carrier"]).user
    Authenticator.objects.create(user=user, type="totp", data={})
    client.force_login(user, BACKEND)
    return client


def with_file(name: str, data: Rows) -> Rows:
    """A file is read to its end: each time a new one of the same content."""
    upload = SimpleUploadedFile("orte.csv", "Name\nCafé".encode())
    if name == "actors:letter_template_list":
        return data | {"upload": SimpleUploadedFile("brief.docx", letter())}
    names = {"actors:import_create": "file", "contacts:case_status": "files"}
    names |= {"projects:document_create": "upload"}
    return data | ({names[name]: upload} if name in names else {})


def letter() -> bytes:
    content = BytesIO()
    docx.Document().save(content)
    return content.getvalue()


def counts() -> dict[str, int]:
    """The rows of every table of ours, without the history."""
    return {
        model._meta.label: model._default_manager.count()
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if not model.__name__.endswith("Event")
    }


@pytest.mark.parametrize("name", FORMS)
def test_form_sent_twice_leaves_what_it_left_once(rows, name):
    client = browser(rows, Role.TECHNICAL if name.startswith(TECHNICAL) else Role.MANAGER)
    Case.objects.filter(pk=rows["case"].pk).update(**BEFORE.get(name, {}))
    if name == "actors:import_mapping":
        type(rows["run"]).objects.update(state="mapping")
    url, data = address(name, rows), sent(name, rows)

    first = client.post(url, with_file(name, data))
    once = counts()
    second = client.post(url, with_file(name, data))
    for answer in (first, second):
        if answer.streaming:
            answer.getvalue()  # read to its end, which closes the file

    assert first.status_code == (200 if name in ANSWERED_IN_PLACE else 302)
    assert second.status_code in (200, 302, 404, 409)
    assert counts() == once


def test_every_other_address_takes_no_form(rows):
    """A new form has to be named above."""
    client = browser(rows)
    writing = {}

    for name, _sample in ALL:
        if name not in FORMS and not name.startswith(SIGN_IN):
            _response, written = ask(client, "post", address(name, rows))
            if written:
                writing[name] = written

    assert writing == {}


def test_same_words_with_another_file_are_another_message(rows, client):
    url = address("contacts:case_status", rows)
    before = counts()

    for content in (b"eins", b"eins", b"zwei"):
        upload = SimpleUploadedFile("plan.txt", content)
        client.post(url, {"text": "Anbei der Plan.", "files": upload})

    assert Message.objects.filter(text="Anbei der Plan.").count() == 2
    assert counts()["files.StoredFile"] - before["files.StoredFile"] == 2


AT_ONCE = [
    ("contacts:idea_submit", {Case: 1, OutgoingMail: 1}),
    ("contacts:case_create", {Case: 1, OutgoingMail: 1}),
    ("contacts:case_reply", {Message: 2, OutgoingMail: 1}),
    ("contacts:case_status", {Message: 1, StoredFile: 1}),
    ("contacts:consultation_create", {Consultation: 1, OutgoingMail: 1}),
    ("contacts:consultation_answer", {Message: 1}),
    ("contacts:follow_up_create", {FollowUp: 1}),
    ("contacts:follow_up_complete", {FollowUp: 1}),
    ("projects:project_create", {Project: 1}),
    ("projects:note_create", {ProgressNote: 1}),
    ("projects:milestone_create", {Milestone: 1}),
    ("projects:participant_create", {Participant: 1}),
    ("projects:programme_create", {Programme: 1}),
    ("projects:goal_create", {Goal: 1}),
    ("projects:idea_worksheet_update", {Worksheet: 1}),
    ("projects:indicator_create", {Indicator: 1}),
    ("projects:reading_create", {Reading: 1}),
    ("projects:booking_create", {Booking: 1}),
    ("projects:booking_split", {Booking: 3}),
    ("projects:booking_correct", {Booking: 1}),
    ("actors:actor_create", {Actor: 1}),
    ("actors:relation_create", {Relation: 1}),
    ("actors:note_create", {ActorNote: 1}),
    ("actors:introduction_create", {Introduction: 1, OutgoingMail: 2}),
    ("actors:import_create", {ImportRun: 1, StoredFile: 1}),
    ("actors:unit_create", {Unit: 1}),
    ("actors:occupancy_create", {Occupancy: 1}),
    ("actors:walk_create", {Walk: 1}),
    ("actors:sighting_save", {Sighting: 1}),
    ("actors:space_request_create", {SpaceRequest: 1}),
    ("office:absence_create", {Absence: 1}),
    ("office:carrier_create", {Carrier: 1}),
    ("accounts:user_create", {User: 1, OutgoingMail: 1}),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("name", "more"), AT_ONCE, ids=[name for name, _more in AT_ONCE])
def test_form_sent_twice_at_once_counts_once(rows, name, more):
    client = browser(rows, Role.TECHNICAL if name.startswith(TECHNICAL) else Role.MANAGER)
    url, data = address(name, rows), sent(name, rows)
    before = {model: model._default_manager.count() for model in more}

    def press():
        browser = Client()
        browser.cookies = client.cookies
        return browser.post(url, with_file(name, data)).status_code

    statuses = run_at_once(press, times=2)

    assert set(statuses) <= {200, 302, 409}
    assert {model: model._default_manager.count() - n for model, n in before.items()} == more

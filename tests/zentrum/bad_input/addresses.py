"""Every address of the project, with the ids of rows that exist in the demo town."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.urls import reverse

from actors.models import (
    Actor,
    Candidate,
    Consent,
    Disclosure,
    ImportRun,
    Merge,
    Relation,
    RetentionProposal,
    RetentionRule,
)
from contacts.cases.links import confirm_token, status_token
from contacts.consultations.links import answer_token
from contacts.intake import keys
from contacts.models import AnswerTemplate, Attachment, Case, Consultation, FollowUp, Submission
from projects.ideas.supporters import SIGNER
from projects.models import (
    Booking,
    Comment,
    Document,
    Goal,
    Idea,
    IdeaFollower,
    Indicator,
    Milestone,
    Participant,
    Programme,
    Project,
    Reading,
    SiteNotice,
    Supporter,
    SynonymGroup,
)
from tests.zentrum.test_access import ALL
from zentrum.accounts.models import User
from zentrum.mail.models import OutgoingMail
from zentrum.office.models import Absence, Centre, ClosingDay, Mandate

Kwargs = dict[str, Any]


def case() -> Case:
    return Case.objects.filter(state="open").exclude(sender_email="").first()


def attachment() -> Attachment:
    return Attachment.objects.latest("pk")


def of_case() -> Kwargs:
    return {"pk": case().pk}


def of_row(model: Any) -> Callable[[], Kwargs]:
    return lambda: {"pk": model.objects.latest("pk").pk}


def of_milestone() -> Kwargs:
    row = Milestone.objects.filter(reached_on=None).latest("pk")
    return {"pk": row.project_id, "milestone_pk": row.pk}


def of_participant() -> Kwargs:
    row = Participant.objects.latest("pk")
    return {"pk": row.project_id, "participant_pk": row.pk}


def of_document_of_project() -> Kwargs:
    row = Document.objects.latest("pk")
    return {"pk": row.project_id, "document_pk": row.pk}


def of_site_notice() -> Kwargs:
    row = SiteNotice.objects.latest("pk")
    return {"pk": row.project_id, "notice_pk": row.pk}


def of_public_document() -> Kwargs:
    row = Document.objects.public().latest("pk")
    return {"reference": row.project.reference, "document_pk": row.pk}


def of_booking() -> Kwargs:
    row = Booking.objects.filter(corrects=None).latest("pk")
    return {"pk": row.project_id, "booking_pk": row.pk}


def of_goal() -> Kwargs:
    row = Goal.objects.latest("pk")
    return {"pk": row.programme_id, "goal_pk": row.pk}


def of_reading() -> Kwargs:
    row = Reading.objects.latest("pk")
    return {"pk": row.indicator_id, "reading_pk": row.pk}


def of_document() -> Kwargs:
    return {"pk": Programme.objects.exclude(document=None).latest("pk").pk}


def of_consent() -> Kwargs:
    consent = Consent.objects.filter(withdrawn_on=None).latest("pk")
    return {"pk": consent.actor_id, "consent_pk": consent.pk}


def of_pair() -> Kwargs:
    pair = Candidate.objects.latest("pk")
    return {"pk": pair.first_id, "merged_pk": pair.second_id}


def of_relation() -> Kwargs:
    row = Relation.objects.latest("pk")
    return {"pk": row.actor_id, "relation_pk": row.pk}


def of_mail() -> Kwargs:
    row = OutgoingMail.objects.latest("pk")
    return {"pk": row.pk, "file_pk": row.attachments.get().file_id}


def of_message() -> Kwargs:
    message = attachment().message
    return {"pk": message.case_id, "message_pk": message.pk}


def of_status() -> Kwargs:
    return {"signed": status_token(case())}


def consultation() -> Consultation:
    return Consultation.objects.open().filter(kind="question").latest("pk")


def of_answer() -> Kwargs:
    return {"signed": answer_token(consultation())}


# The first beginning that fits a name gives its ids.
ROWS: dict[str, Callable[[], Kwargs]] = {
    "contacts:case_attachment": of_row(Attachment),
    "contacts:status_attachment": lambda: {
        "signed": status_token(attachment().message.case),
        "pk": attachment().pk,
    },
    "contacts:case_status": of_status,
    "contacts:slip": of_status,
    "contacts:email_confirm": lambda: {"signed": confirm_token(case())},
    "contacts:submission_done": lambda: {
        "signed": keys.sign_done(Submission.objects.get(case__isnull=False).token)
    },
    "contacts:submission": lambda: {"pk": Submission.objects.quarantined().get().pk},
    "contacts:consultation_create": of_case,
    "contacts:referral": of_case,
    "contacts:consultation_answer": of_answer,
    "contacts:consultation_draft": of_answer,
    "contacts:consultation_file": lambda: (
        of_answer() | {"pk": Attachment.objects.get(message=consultation().message).pk}
    ),
    "contacts:consultation": lambda: {"pk": consultation().pk},
    "contacts:follow_up": of_row(FollowUp),
    "contacts:case": of_case,
    "contacts:reply_take_back": of_message,
    "contacts:delivery_settle": of_message,
    "contacts:template": of_row(AnswerTemplate),
    "contacts:signature": lambda: {"carrier_pk": case().carrier_id},
    "contacts:reply_": of_case,
    "contacts:presence": of_case,
    "projects:follower_stop": lambda: {"token": IdeaFollower.objects.latest("pk").token},
    "projects:idea_comment": lambda: {"reference": Idea.objects.public().first().reference},
    "projects:comment": of_row(Comment),
    "projects:idea_support_ask": lambda: {"reference": Idea.objects.public().first().reference},
    "projects:idea_support": lambda: {"signed": SIGNER.sign(Supporter.objects.latest("pk").token)},
    "projects:idea_public": lambda: {"reference": Idea.objects.public().first().reference},
    "projects:project_public_document": of_public_document,
    "projects:document_create": of_row(Project),
    "projects:site_notice_create": of_row(Project),
    "projects:site_notice": of_site_notice,
    "projects:document": of_document_of_project,
    "projects:project_public": lambda: {"reference": Project.objects.public().first().reference},
    "projects:idea": of_row(Idea),
    "projects:synonym": of_row(SynonymGroup),
    "projects:milestone_create": of_row(Project),
    "projects:milestone": of_milestone,
    "projects:participant_create": of_row(Project),
    "projects:participant": of_participant,
    "projects:booking_correct": of_booking,
    "projects:booking": of_row(Project),
    "projects:programme_document": of_document,
    "projects:programme": of_row(Programme),
    "projects:indicator_create": of_row(Goal),
    "projects:indicator": of_row(Indicator),
    "projects:reading_create": of_row(Indicator),
    "projects:reading": of_reading,
    "projects:goal_create": of_row(Programme),
    "projects:goal": of_goal,
    "projects:project": of_row(Project),
    "projects:note": of_row(Project),
    "actors:relation_create": of_row(Actor),
    "actors:relation": of_relation,
    "actors:import": of_row(ImportRun),
    "actors:candidate": of_row(Candidate),
    "actors:consent_create": of_row(Actor),
    "actors:consent": of_consent,
    "actors:disclosure_": of_row(Disclosure),
    "actors:disclosure": of_row(Actor),
    "actors:proposal": of_row(RetentionProposal),
    "actors:rule": of_row(RetentionRule),
    "actors:merge": of_row(Merge),
    "actors:actor_merge": of_pair,
    "actors:actor": of_row(Actor),
    "mail:outgoing_attachment": of_mail,
    "mail:outgoing": of_row(OutgoingMail),
    "office:centre": of_row(Centre),
    "office:closingday": of_row(ClosingDay),
    "office:absence": of_row(Absence),
    "office:holiday_year": lambda: {"year": 2026},
    "office:mandate_create": lambda: {"user_pk": User.objects.latest("pk").pk},
    "office:mandate": of_row(Mandate),
    "accounts:user": of_row(User),
    "portal:dashboard_cases": lambda: {"figure": "received"},
    "portal:dashboard_milestones": lambda: {"figure": "on-time"},
    "account_confirm_email": lambda: {"key": "MQ:1abc:xyz"},
    "account_reset_password_from_key": lambda: {"uidb36": "1", "key": "set-password"},
    "mfa_": of_row(Authenticator),
    "portal:tile": lambda: {"z": 99, "x": 1, "y": 1},
}


# Of allauth: their values stand in a regular expression or in the pattern above.
UNTYPED = {
    "account_confirm_email",
    "account_reset_password_from_key",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
}


def existing(name: str, sample: Kwargs) -> str:
    """The address of this name for a row that exists."""
    for beginning, kwargs in ROWS.items():
        if (sample or name in UNTYPED) and name.startswith(beginning):
            return reverse(name, kwargs=kwargs())
    return reverse(name, kwargs=sample)


def with_value(name: str, sample: Kwargs, number: int, text: str) -> str:
    """The address with other ids: the number for each number, the text for each text."""
    kwargs = {key: number if isinstance(old, int) else text for key, old in sample.items()}
    return reverse(name, kwargs=kwargs)


NAMES = [name for name, _sample in ALL]
SAMPLES = dict(ALL)

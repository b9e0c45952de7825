"""The pages of the demo town that are looked at: in pictures and by the accessibility checker."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from actors.models import (
    Actor,
    Body,
    Candidate,
    Disclosure,
    Handover,
    ImportRun,
    Merge,
    Round,
    SpaceRequest,
    Unit,
    Walk,
)
from contacts.cases.links import status_path
from contacts.consultations.links import answer_path
from contacts.models import AnswerTemplate, Case, Consultation, Message
from projects.models import (
    Booking,
    Document,
    Goal,
    Idea,
    Indicator,
    Milestone,
    Programme,
    Project,
    SiteNotice,
    SynonymGroup,
    Worksheet,
)
from zentrum.accounts.roles import Role


@dataclass(frozen=True)
class Page:
    """A page as one door sees it; `role` is None for visitors without an account."""

    name: str
    role: str | None
    address: Callable[[], str]


def _named(name: str) -> Callable[[], str]:
    return lambda: reverse(name)


def _case() -> Case:
    return Case.objects.open().filter(kind=Case.Kind.IDEA).order_by("pk")[0]


def _status_page() -> str:
    return status_path(_case())


def _status_with_new_date() -> str:
    return status_path(Case.objects.filter(messages__event="promised").order_by("pk")[0])


def _actor_page() -> str:
    return Actor.objects.order_by("pk")[0].get_absolute_url()


def _merge_page() -> str:
    pair = Candidate.objects.open().order_by("-score", "pk")[0]
    return reverse("actors:actor_merge", args=[pair.first_id, pair.second_id])


def _disclosure_page() -> str:
    return Disclosure.objects.order_by("pk")[0].get_absolute_url()


def _merge() -> int:
    return Merge.objects.order_by("pk")[0].pk


def _listed_actor() -> str:
    listed = Actor.objects.public().order_by("pk")[0]
    return reverse("actors:directory_public_detail", args=[listed.pk])


def _person() -> Actor:
    return Actor.objects.filter(kind=Actor.Kind.PERSON).order_by("pk")[0]


def _import_page() -> str:
    return ImportRun.objects.order_by("-pk")[0].get_absolute_url()


def _case_page() -> str:
    return _case().get_absolute_url()


def _answered_page() -> str:
    """A case of which one mail came back, and stands on Heute."""
    return Case.objects.filter(messages__mail__bounced_at__isnull=False)[0].get_absolute_url()


def _seat() -> Idea:
    """An idea that others are like."""
    return Idea.objects.get(title="Sitzgelegenheiten vor den Apotheken")


def _synonym_page() -> str:
    return SynonymGroup.objects.order_by("pk")[0].get_absolute_url()


def _template_page() -> str:
    return AnswerTemplate.objects.order_by("pk")[0].get_absolute_url()


def _case_step() -> str:
    return f"{_case_page()}?step=close"


def _asked() -> Consultation:
    return Consultation.objects.open().order_by("pk")[0]


def _of_case(name: str) -> Callable[[], str]:
    return lambda: reverse(f"contacts:{name}", args=[_case().pk])


def _unit_page() -> str:
    return Unit.objects.offered().order_by("pk")[0].get_absolute_url()


def _walk_page() -> str:
    return Walk.objects.finished().order_by("-walked_on", "pk")[0].get_absolute_url()


def _space_request_page() -> str:
    return SpaceRequest.objects.order_by("pk")[0].get_absolute_url()


def _idea_page() -> str:
    discussed = Idea.objects.filter(state=Idea.State.IN_CONSULTATION)
    return discussed.order_by("pk")[0].get_absolute_url()


def _public_project() -> Project:
    return Project.objects.public().filter(origins__isnull=False).order_by("pk")[0]


def _schedule_page() -> str:
    return reverse("projects:project_timeline", args=[_late_step().project_id])


def _milestone_form() -> str:
    return reverse("projects:milestone_update", args=[_late_step().project_id, _late_step().pk])


def _site_notice() -> SiteNotice:
    """One of which nobody was told yet."""
    return SiteNotice.objects.filter(told_at=None).order_by("pk")[0]


def _site_notice_form() -> str:
    return reverse(
        "projects:site_notice_update", args=[_site_notice().project_id, _site_notice().pk]
    )


def _document_form() -> str:
    document = Document.objects.order_by("pk")[0]
    return reverse("projects:document_update", args=[document.project_id, document.pk])


def _late_step() -> Milestone:
    """A step that is not reached and holds up another one."""
    holding_up = Milestone.objects.filter(held_up__isnull=False, reached_on=None)
    return holding_up.order_by("planned_on")[0]


def _paid() -> Booking:
    """A payment that was corrected."""
    return Booking.objects.filter(corrections__isnull=False).order_by("pk")[0]


def _of_paid(name: str) -> Callable[[], str]:
    return lambda: reverse(f"projects:{name}", args=[_paid().project_id])


def _correction_page() -> str:
    return reverse("projects:booking_correct", args=[_paid().project_id, _paid().pk])


def _programme() -> Programme:
    return Programme.objects.order_by("pk")[0]


def _of_programme(name: str) -> Callable[[], str]:
    return lambda: reverse(f"projects:{name}", args=[_programme().pk])


def _goal_page() -> str:
    goal = Goal.objects.order_by("pk")[0]
    return reverse("projects:goal_update", args=[goal.programme_id, goal.pk])


def _measured() -> Indicator:
    return Indicator.objects.filter(readings__isnull=False).order_by("pk")[0]


def _of_measured(name: str) -> Callable[[], str]:
    return lambda: reverse(f"projects:{name}", args=[_measured().pk])


def _reading_page() -> str:
    reading = _measured().readings.latest("measured_on")
    return reverse("projects:reading_update", args=[reading.indicator_id, reading.pk])


def _project_goals() -> str:
    project = Project.objects.filter(goals__isnull=False).order_by("pk")[0]
    return reverse("projects:project_goals", args=[project.pk])


def _of_developed(name: str) -> Callable[[], str]:
    sheets = Worksheet.objects.order_by("pk")
    return lambda: reverse(f"projects:{name}", args=[sheets[0].idea_id])


def _round_page() -> str:
    return Round.objects.order_by("pk")[0].get_absolute_url()


def _handover_page() -> str:
    return Handover.objects.order_by("pk")[0].get_absolute_url()


def _by_mail() -> Message:
    return Message.objects.filter(by_mail=True).order_by("pk")[0]


def _message_page() -> str:
    return reverse("contacts:message_detail", args=[_by_mail().pk])


def _case_by_mail() -> str:
    return _by_mail().case.get_absolute_url()


PAGES = [
    Page("start", None, _named("portal:start")),
    Page("idea-form", None, _named("contacts:idea_submit")),
    Page("status-lookup", None, _named("contacts:status_lookup")),
    Page("status", None, _status_page),
    Page("advice", None, lambda: answer_path(_asked())),
    Page("contact", None, _named("contacts:contact")),
    Page("barrier", None, _named("contacts:barrier_report")),
    Page("public-ideas", None, _named("projects:idea_public_list")),
    Page(
        "public-idea",
        None,
        lambda: reverse("projects:idea_public", args=[Idea.objects.public()[0].reference]),
    ),
    Page("public-projects", None, _named("projects:project_public_list")),
    Page(
        "public-project",
        None,
        lambda: reverse("projects:project_public", args=[_public_project().reference]),
    ),
    Page("who-is-who", None, _named("actors:directory_public")),
    Page("who-is-who-one", None, _listed_actor),
    Page("vacancies", None, _named("actors:vacancy_public")),
    Page("imprint", None, _named("portal:imprint")),
    Page("privacy", None, _named("portal:privacy")),
    Page("accessibility", None, _named("portal:accessibility")),
    Page("sign-in", None, _named("account_login")),
    Page("today", Role.MANAGER, _named("contacts:today")),
    Page("cases", Role.MANAGER, _named("contacts:case_list")),
    Page("case", Role.MANAGER, _case_page),
    Page("case-step", Role.MANAGER, _case_step),
    Page("case-similar", Role.MANAGER, _of_case("case_similar")),
    Page("case-by-mail", Role.MANAGER, _case_by_mail),
    Page("case-merge", Role.MANAGER, _of_case("case_merge")),
    Page("message", Role.MANAGER, _message_page),
    Page("incoming-mail", Role.MANAGER, _named("contacts:mail_list")),
    Page("mailboxes", Role.MANAGER, _named("contacts:mailbox_list")),
    Page("mailbox-new", Role.MANAGER, _named("contacts:mailbox_create")),
    Page("ask", Role.MANAGER, _of_case("consultation_create")),
    Page("refer", Role.MANAGER, _of_case("referral_create")),
    Page("consultation", Role.MANAGER, lambda: _asked().get_absolute_url()),
    Page("case-answer", Role.MANAGER, _answered_page),
    Page("case-template", Role.MANAGER, lambda: f"{_case_page()}?wording"),
    Page("templates", Role.MANAGER, _named("contacts:wording_list")),
    Page("template", Role.MANAGER, _template_page),
    Page("desk-form", Role.MANAGER, _named("contacts:case_create")),
    Page("actors", Role.MANAGER, _named("actors:actor_list")),
    Page("actor", Role.MANAGER, _actor_page),
    Page("actor-form", Role.MANAGER, _named("actors:actor_create")),
    Page("bodies", Role.MANAGER, _named("actors:body_list")),
    Page("body", Role.MANAGER, lambda: Body.objects.get(kind="steering_group").get_absolute_url()),
    Page("body-form", Role.MANAGER, _named("actors:body_create")),
    Page("network", Role.MANAGER, _named("actors:network")),
    Page("introduction", Role.MANAGER, _named("actors:introduction_create")),
    Page("help", Role.MANAGER, lambda: reverse("actors:expertise_search") + "?q=beleuchtung"),
    Page("duplicates", Role.MANAGER, _named("actors:candidate_list")),
    Page("merge", Role.MANAGER, _merge_page),
    Page("merged", Role.MANAGER, lambda: reverse("actors:merge_detail", args=[_merge()])),
    Page("import", Role.MANAGER, _named("actors:import_create")),
    Page("care-radar", Role.MANAGER, _named("actors:care_radar")),
    Page("care-streets", Role.MANAGER, _named("actors:care_streets")),
    Page("care-sectors", Role.MANAGER, _named("actors:care_sectors")),
    Page("rounds", Role.MANAGER, _named("actors:round_list")),
    Page("round", Role.MANAGER, _round_page),
    Page("handovers", Role.MANAGER, _named("actors:handover_list")),
    Page("handover", Role.MANAGER, _handover_page),
    Page("imports", Role.MANAGER, _named("actors:import_list")),
    Page("import-done", Role.MANAGER, _import_page),
    Page("possibly-closed", Role.MANAGER, _named("actors:lost_list")),
    Page("post", Role.MANAGER, _named("actors:post")),
    Page("letter-templates", Role.MANAGER, _named("actors:letter_template_list")),
    Page("privacy-overview", Role.MANAGER, _named("actors:privacy_overview")),
    Page("privacy-proposals", Role.MANAGER, _named("actors:proposal_list")),
    Page("processing-record", Role.MANAGER, _named("actors:processing_record")),
    Page("disclosure", Role.MANAGER, lambda: reverse("actors:disclosure", args=[_person().pk])),
    Page("disclosure-ready", Role.MANAGER, _disclosure_page),
    Page("erase", Role.MANAGER, lambda: reverse("actors:actor_erase", args=[_person().pk])),
    Page("premises", Role.MANAGER, _named("actors:unit_list")),
    Page("unit", Role.MANAGER, _unit_page),
    Page("unit-form", Role.MANAGER, _named("actors:unit_create")),
    Page("vacancy-rate", Role.MANAGER, _named("actors:vacancy_rate")),
    Page("surveys", Role.MANAGER, _named("actors:walk_list")),
    Page("survey", Role.MANAGER, _walk_page),
    Page("space-requests", Role.MANAGER, _named("actors:space_request_list")),
    Page("space-request", Role.MANAGER, _space_request_page),
    Page("ideas", Role.MANAGER, _named("projects:idea_list")),
    Page("idea", Role.MANAGER, _idea_page),
    Page("idea-similar", Role.MANAGER, lambda: reverse("projects:idea_similar", args=[_seat().pk])),
    Page("synonyms", Role.MANAGER, _named("projects:synonym_list")),
    Page("synonym", Role.MANAGER, _synonym_page),
    Page("worksheet", Role.MANAGER, _of_developed("idea_worksheet")),
    Page("worksheet-form", Role.MANAGER, _of_developed("idea_worksheet_update")),
    Page("projects", Role.MANAGER, _named("projects:project_list")),
    Page("projects-board", Role.MANAGER, _named("projects:project_board")),
    Page("project", Role.MANAGER, lambda: _public_project().get_absolute_url()),
    Page("project-schedule", Role.MANAGER, _schedule_page),
    Page("milestone-form", Role.MANAGER, _milestone_form),
    Page("site-notice", Role.MANAGER, lambda: _site_notice().get_absolute_url()),
    Page("site-notice-form", Role.MANAGER, _site_notice_form),
    Page("document-form", Role.MANAGER, _document_form),
    Page("project-form", Role.MANAGER, _named("projects:project_create")),
    Page("programmes", Role.MANAGER, _named("projects:programme_list")),
    Page("programme", Role.MANAGER, _of_programme("programme_detail")),
    Page("coverage", Role.MANAGER, _of_programme("programme_coverage")),
    Page("programme-form", Role.MANAGER, _of_programme("programme_update")),
    Page("boundary", Role.MANAGER, _of_programme("programme_boundary")),
    Page("goal-form", Role.MANAGER, _goal_page),
    Page("indicators", Role.MANAGER, _named("projects:indicator_list")),
    Page("indicator", Role.MANAGER, _of_measured("indicator_detail")),
    Page("indicator-form", Role.MANAGER, _of_measured("indicator_update")),
    Page("reading-form", Role.MANAGER, _of_measured("reading_create")),
    Page("reading", Role.MANAGER, _reading_page),
    Page("project-goals", Role.MANAGER, _project_goals),
    Page("finance", Role.MANAGER, _named("projects:finance_overview")),
    Page("bookings", Role.MANAGER, lambda: reverse("projects:booking_list") + "?kind=paid"),
    Page("project-finance", Role.MANAGER, _of_paid("project_finance")),
    Page("booking-form", Role.MANAGER, _of_paid("booking_create")),
    Page("booking-split", Role.MANAGER, _of_paid("booking_split")),
    Page("booking-correction", Role.MANAGER, _correction_page),
    Page("dashboard-of-the-office", Role.MANAGER, _named("portal:dashboard")),
    Page("outbox", Role.MANAGER, _named("mail:outgoing_list")),
    Page("office", Role.MANAGER, _named("office:settings")),
    Page("reminders", Role.MANAGER, _named("contacts:reminder_list")),
    Page("consultations", Role.MANAGER, _named("contacts:consultation_list")),
    Page("reminder-preview", Role.MANAGER, _named("contacts:reminder_preview")),
    Page("reminder-settings", Role.MANAGER, _named("contacts:reminder_settings")),
    Page("follow-ups", Role.MANAGER, _named("contacts:follow_up_list")),
    Page(
        "follow-up-form",
        Role.MANAGER,
        lambda: reverse("contacts:follow_up_create") + f"?about=case-{_case().pk}",
    ),
    Page("escalated", Role.MANAGER, lambda: reverse("contacts:case_list") + "?escalated=on"),
    Page("status-new-date", None, _status_with_new_date),
    Page("reply-periods", Role.MANAGER, _named("contacts:reply_periods")),
    Page("case-promise", Role.MANAGER, lambda: f"{_case_page()}?step=promise"),
    Page("case-wait", Role.MANAGER, lambda: f"{_case_page()}?step=wait"),
    Page("search", Role.MANAGER, lambda: reverse("portal:search") + "?q=markt"),
    Page("components", Role.MANAGER, _named("portal:style")),
    Page("dashboard", Role.CITY, _named("portal:dashboard")),
    Page("projects-of-the-city", Role.CITY, _named("projects:project_list")),
    Page("programme-of-the-city", Role.CITY, _of_programme("programme_detail")),
    Page("coverage-of-the-city", Role.CITY, _of_programme("programme_coverage")),
    Page("indicators-of-the-city", Role.CITY, _named("projects:indicator_list")),
    Page("finance-of-the-city", Role.CITY, _named("projects:finance_overview")),
    Page("project-finance-of-the-city", Role.CITY, _of_paid("project_finance")),
    Page("people", Role.TECHNICAL, _named("accounts:user_list")),
]

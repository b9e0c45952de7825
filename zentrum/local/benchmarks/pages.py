"""The pages that are measured, and who asks for them."""

from django.urls import reverse
from django.utils.http import urlencode

from contacts.models import Case
from projects.models import Idea, Indicator, Programme, Project
from zentrum.local.benchmarks.loading import FREQUENT, RARE, Office
from zentrum.local.benchmarks.long_case import long_case
from zentrum.local.benchmarks.measuring import Target, client_of

FLOORS = ("floor_constant", "floor_template", "floor_row")
MAIN = (
    "today",
    "case_list",
    "case_page",
    "long_case",
    "case_step",
    "idea_form",
    "board",
    "schedule",
    "project_page",
    "project_public",
    "dashboard",
    "finance",
    "programme",
    "coverage",
    "indicators",
    "indicator",
)
SEARCHES = (
    *("search_rare", "search_frequent", "portal_search_rare", "portal_search_frequent"),
    *("actor_search", "help_search", "idea_similar"),
)


def targets(office: Office) -> list[Target]:
    manager, city, visitor = client_of(office.manager), client_of(office.city), client_of(None)
    case = Case.objects.filter(owner=office.manager, state=Case.State.OPEN).latest("pk")
    project = Project.objects.latest("pk")
    idea = Idea.objects.visible_to(office.manager).latest("pk")
    programme, indicator = Programme.objects.latest("pk"), Indicator.objects.latest("pk")
    coverage = reverse("projects:programme_coverage", args=[programme.pk])
    case_list, search = reverse("contacts:case_list"), reverse("portal:search")
    rare, frequent = urlencode({"q": RARE}), urlencode({"q": FREQUENT})
    rows = [
        ("floor_constant", reverse("floor_constant"), manager),
        ("floor_template", reverse("floor_template"), manager),
        ("floor_row", reverse("floor_row", args=[case.pk]), manager),
        ("today", reverse("contacts:today"), manager),
        ("case_list", case_list, manager),
        ("case_page", case.get_absolute_url(), manager),
        ("long_case", long_case(office).get_absolute_url(), manager),
        ("case_step", f"{case.get_absolute_url()}?step=hand_over", manager),
        ("idea_form", reverse("contacts:idea_submit"), visitor),
        ("idea_list", reverse("projects:idea_list"), manager),
        ("idea_page", idea.get_absolute_url(), manager),
        ("board", reverse("projects:project_board"), manager),
        ("schedule", reverse("projects:project_timeline", args=[project.pk]), manager),
        ("project_page", project.get_absolute_url(), manager),
        ("project_public", Project.objects.public().latest("pk").get_public_url(), visitor),
        ("dashboard", reverse("portal:dashboard"), city),
        ("finance", reverse("projects:finance_overview"), city),
        ("programme", programme.get_absolute_url(), manager),
        ("coverage", coverage, manager),
        ("indicators", reverse("projects:indicator_list"), manager),
        ("indicator", indicator.get_absolute_url(), manager),
        ("search_rare", f"{case_list}?{rare}", manager),
        ("search_frequent", f"{case_list}?{frequent}", manager),
        ("portal_search_rare", f"{search}?{rare}", manager),
        ("portal_search_frequent", f"{search}?{frequent}", manager),
        ("actor_list", reverse("actors:actor_list"), manager),
        ("actor_search", f"{reverse('actors:actor_list')}?{frequent}", manager),
        ("help_search", f"{reverse('actors:expertise_search')}?{frequent}", manager),
        ("idea_similar", reverse("projects:idea_similar", args=[idea.pk]), manager),
        ("start_page", reverse("portal:start"), visitor),
    ]
    return [Target(*row) for row in rows]

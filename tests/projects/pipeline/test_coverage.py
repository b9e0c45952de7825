import pytest
from django.urls import reverse

from tests.factories.office import CarrierFactory
from tests.factories.projects import (
    GoalFactory,
    IdeaFactory,
    IndicatorFactory,
    ProgrammeFactory,
    ProjectFactory,
    ReadingFactory,
)
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    return ProgrammeFactory()


@pytest.fixture
def place(programme):
    return {"centre": programme.centre, "carrier": programme.centre.carrier}


def page_of(client, programme, **query):
    return client.get(reverse("projects:programme_coverage", args=[programme.pk]), query)


def figures_of(coverage):
    lines = [*coverage.lines, coverage.without]
    return [
        figure
        for line in lines
        for figure in (line.running, line.projects, line.ideas, line.indicators)
        if figure
    ]


@pytest.fixture
def covered(programme, place):
    """Three goals: one with a running project, one with an ended one, one with nothing."""
    goals = [GoalFactory(programme=programme) for _ in range(3)]
    ProjectFactory(**place).goals.set(goals[:1])
    ProjectFactory(phase="settled", **place).goals.set(goals[:2])
    ProjectFactory(title="Ohne Ziel", **place)
    ProjectFactory(phase="completed", **place)
    ProjectFactory(centre=programme.centre, carrier=CarrierFactory()).goals.set(goals)
    other = ProjectFactory(**place)
    other.goals.set([GoalFactory(programme=ProgrammeFactory(centre=programme.centre))])
    IdeaFactory(**place).goals.set(goals[:1])
    IdeaFactory(**place)
    IdeaFactory(centre=programme.centre, carrier=CarrierFactory()).goals.set(goals)
    for value in (10, 15):
        ReadingFactory(indicator=IndicatorFactory(goal=goals[0]), value=value)
    return goals


def test_goals_without_a_project_and_projects_without_a_goal(
    client, sign_in, programme, place, covered
):
    sign_in(Role.MANAGER, **place)

    page = page_of(client, programme)
    coverage = page.context["coverage"]
    counted = [
        (line.running.number, line.projects.number, line.ideas.number) for line in coverage.lines
    ]

    assert counted == [(1, 2, 1), (0, 1, 0), (0, 0, 0)]
    assert coverage.lines[0].indicators.number == 2
    assert coverage.lines[0].indicators.note == "1 erreicht"
    without = coverage.without
    assert [without.running.number, without.projects.number, without.ideas.number] == [2, 3, 1]
    assert coverage.uncovered == covered[1:]
    assert (
        "2 von 3 Zielen haben kein laufendes Projekt; 2 laufende Projekte dienen keinem Ziel."
        in page.text
    )


@pytest.mark.parametrize("role", [Role.MANAGER, Role.CITY, Role.DESK, Role.BODY_MEMBER])
def test_every_figure_leads_to_exactly_its_rows(client, sign_in, programme, place, covered, role):
    type(covered[0]).objects.get(pk=covered[0].pk).projects.update(is_public=True)
    sign_in(role, **place)

    coverage = page_of(client, programme).context["coverage"]

    assert sum(figure.number for figure in figures_of(coverage)) >= 3
    for figure in figures_of(coverage):
        rows = client.get(figure.url)
        assert rows.context["page_obj"].paginator.count == figure.number, figure
        if figure.number:
            assert figure.url.replace("&", "&amp;") in page_of(client, programme).text


def test_matrix_shows_running_projects_those_without_a_goal_first(
    client, sign_in, programme, place, covered
):
    sign_in(Role.CITY, **place)

    page = page_of(client, programme)
    rows = {project.title: cells for project, cells in page.context["rows"]}

    assert len(rows) == 4
    assert [any(cells) for cells in rows.values()] == [False, False, True, True]
    assert rows["Ohne Ziel"] == [False] * 3
    assert page.text.count("dient diesem Ziel") == 4


def test_programme_without_goals_says_so(client, sign_in, programme, place):
    ProjectFactory(**place)
    sign_in(Role.MANAGER, **place)

    assert "Das Programm hat noch keine Ziele." in page_of(client, programme).text


def test_everything_covered_is_said_too(client, sign_in, programme, place):
    ProjectFactory(**place).goals.set([GoalFactory(programme=programme)])
    sign_in(Role.MANAGER, **place)

    text = page_of(client, programme).text

    assert "Jedes Ziel hat ein laufendes Projekt; jedes laufende Projekt dient einem Ziel." in text


def test_foreign_programme_does_not_exist(client, sign_in, programme):
    sign_in(Role.MANAGER)

    assert page_of(client, programme).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_coverage_needs_the_same_queries_for_any_number(
    client, sign_in, programme, place, django_assert_max_num_queries, count
):
    sign_in(Role.MANAGER, **place)
    for _ in range(count):
        goal = GoalFactory(programme=programme)
        ReadingFactory(indicator=IndicatorFactory(goal=goal))
        ProjectFactory(**place).goals.set([goal])
        IdeaFactory(**place).goals.set([goal])

    with django_assert_max_num_queries(14):
        page = page_of(client, programme)

    assert len(page.context["rows"]) == count

"""Programmes of ten years: goals that most projects and ideas serve, measured each month."""

import pgtrigger
from django.db.models import Max

from projects.models import Goal, Idea, Indicator, Programme, Project, Reading
from zentrum.local.benchmarks.filling import execute, fill, series
from zentrum.local.benchmarks.loading import Office

GOALS, INDICATORS, READINGS = 12, 4, 60  # of a programme, of a goal, of an indicator


def load_programmes(office: Office) -> None:
    """One for each centre; four of five projects serve a goal or two of their centre."""
    with pgtrigger.ignore():
        for number, centre in enumerate(office.centres, start=1):
            programme = Programme.objects.create(
                centre_id=centre, name=f"Programm {number}", starts_on="2017-01-01"
            )
            fill(
                Goal,
                series(1, GOALS),
                programme=str(programme.pk),
                title="'Ziel ' || i",
                position="i",
            )
        fill(
            Indicator,
            f"projects_goal g, generate_series(1, {INDICATORS}) AS n",
            goal="g.id",
            name="'Indikator ' || n",
            unit="'Läden'",
            baseline_value="100",
            baseline_on="current_date - 2000",
            target_value="50 + n * 10",
            target_on="current_date + 900",
        )
        fill(
            Reading,
            f"projects_indicator k, generate_series(1, {READINGS}) AS n",
            indicator="k.id",
            value="100 - n * 0.75",
            measured_on="current_date - n * 30",
            provider="'Büro'",
            source="'Rundgang'",
            by=str(office.owners[0]),
        )
    _link(Project)


def load_goals_of_ideas() -> None:
    """Every other idea without a goal would serve one of its centre."""
    _link(Idea)


def _link(model: type[Project] | type[Idea]) -> None:
    table, name = model._meta.db_table, model._meta.model_name
    last = model.objects.aggregate(last=Max("pk"))["last"] or 0
    links = model.goals.through._meta.db_table
    first = model.goals.through.objects.aggregate(last=Max(f"{name}_id"))["last"] or 0
    execute(
        f"INSERT INTO {links} ({name}_id, goal_id)"  # noqa: S608 - our own text
        f" SELECT row.id, goal.id FROM {table} row"
        " JOIN projects_programme programme ON programme.centre_id = row.centre_id"
        " JOIN projects_goal goal ON goal.programme_id = programme.id"
        f" WHERE row.id > {first} AND row.id <= {last} AND row.id % 5 > 0"
        f" AND goal.position IN (1 + row.id % {GOALS}, 1 + (row.id / 3) % {GOALS})"
    )

"""What the database itself holds about the days and the order of a project's steps."""

import pgtrigger

# A concurrent change of the project's start waits for the row that is read here, and the other way
# round: neither can slip in between.
_STEP = """
    IF TG_OP = 'UPDATE' AND NEW.project_id = OLD.project_id
        AND NEW.planned_on = OLD.planned_on AND NEW.starts_on IS NOT DISTINCT FROM OLD.starts_on
    THEN RETURN NEW; END IF;
    SELECT project.starts_on INTO first_day
        FROM projects_project AS project WHERE project.id = NEW.project_id FOR SHARE;
    IF least(NEW.planned_on, NEW.starts_on) < first_day THEN
        RAISE EXCEPTION 'A milestone cannot lie before the start of its project'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'milestone_after_project_start';
    END IF;
    RETURN NEW;
"""
_PROJECT = """
    IF EXISTS (
        SELECT FROM projects_milestone AS step
        WHERE step.project_id = NEW.id AND least(step.planned_on, step.starts_on) < NEW.starts_on
    ) THEN
        RAISE EXCEPTION 'A project cannot start after its first milestone'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'project_starts_before_milestones';
    END IF;
    RETURN NEW;
"""
_DEPENDENCY = """
    IF (SELECT count(DISTINCT step.project_id) FROM projects_milestone AS step
        WHERE step.id IN (NEW.earlier_id, NEW.later_id)) > 1 THEN
        RAISE EXCEPTION 'Steps of two projects cannot depend on each other'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'dependency_within_project';
    END IF;
    RETURN NEW;
"""


def within_the_project() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="after_project_start",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        declare=[("first_day", "date")],
        func=_STEP,
    )


def starts_before_its_steps() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="starts_before_its_steps",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(new__starts_on__gt=pgtrigger.F("old__starts_on")),
        func=_PROJECT,
    )


def within_one_project() -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="within_one_project",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=_DEPENDENCY,
    )

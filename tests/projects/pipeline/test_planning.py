"""When steps will be reached; no database is asked."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projects.models import Milestone
from projects.pipeline.planning import leads_back, plan

TODAY = date(2026, 11, 20)


def day(number):
    return TODAY + timedelta(days=number)


def milestone(pk, planned, *, begins=None, reached=None):
    return Milestone(
        pk=pk,
        title=f"Schritt {pk}",
        planned_on=day(planned),
        starts_on=None if begins is None else day(begins),
        reached_on=None if reached is None else day(reached),
    )


def expected(milestones, before):
    return {
        step.milestone.pk: (step.expected_on - TODAY).days
        for step in plan(milestones, before, TODAY)
    }


def test_what_is_overdue_is_expected_today_and_what_is_reached_has_its_day():
    steps = [milestone(1, -8), milestone(2, -8, reached=-3), milestone(3, 5)]

    assert expected(steps, {}) == {1: 0, 2: -3, 3: 5}
    assert [step.delay for step in plan(steps, {}, TODAY)] == [8, 5, 0]


def test_delay_goes_on_through_a_chain_and_names_its_cause():
    chain = [milestone(1, -8), milestone(2, 20, begins=-4), milestone(3, 21)]

    steps = plan(chain, {2: [1], 3: [2]}, TODAY)

    assert [(step.expected_on - TODAY).days for step in steps] == [0, 24, 24]
    assert [step.cause and step.cause.pk for step in steps] == [None, 1, 2]


def test_a_gap_in_the_plan_takes_up_the_delay():
    steps = plan([milestone(1, -8), milestone(2, 30)], {2: [1]}, TODAY)

    assert (steps[1].delay, steps[1].cause) == (0, None)


def test_the_latest_of_several_steps_decides():
    steps = [milestone(1, 3), milestone(2, 9), milestone(3, 4)]

    assert expected(steps, {3: [1, 2]}) == {1: 3, 2: 9, 3: 9}


def test_a_step_may_stand_before_the_one_it_waits_for_in_the_list():
    steps = [milestone(1, 1), milestone(2, 7)]

    assert expected(steps, {1: [2]}) == {1: 7, 2: 7}


def test_a_circle_that_is_there_all_the_same_ends():
    assert set(expected([milestone(1, 1), milestone(2, 2)], {1: [2], 2: [1]})) == {1, 2}


def test_leading_back():
    before = {2: [1], 3: [2], 5: [4]}

    assert leads_back(1, [3], before) == 3
    assert leads_back(1, [5, 2], before) == 2
    assert leads_back(3, [1, 2, 5], before) is None
    assert leads_back(7, [7], before) == 7


def test_a_chain_of_thousands_is_no_trouble():
    steps = [milestone(number, number) for number in range(1, 3000)]
    before = {number: [number - 1] for number in range(2, 3000)}

    assert expected(steps, before)[2999] == 2999
    assert leads_back(1, [2999], before) == 2999


PLANS = st.lists(
    st.tuples(st.integers(-50, 50), st.integers(0, 20), st.none() | st.integers(-60, 0)),
    min_size=1,
    max_size=8,
)


# The machine may be busy: how fast examples are made says nothing here.
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PLANS, st.data())
def test_no_step_comes_before_its_plan_its_predecessor_or_today(rows, data):
    steps = [
        milestone(pk, planned, begins=planned - takes, reached=reached)
        for pk, (planned, takes, reached) in enumerate(rows)
    ]
    before = {
        pk: data.draw(st.lists(st.integers(0, pk - 1), unique=True)) if pk else []
        for pk in range(len(rows))
    }
    when = expected(steps, before)
    alone = expected(steps, {})

    for step in steps:
        if step.reached_on:
            assert when[step.pk] == (step.reached_on - TODAY).days
            continue
        assert when[step.pk] >= max(0, alone[step.pk], *(when[pk] for pk in before[step.pk]), 0)

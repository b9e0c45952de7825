"""The promises about speed, each with what was measured."""

from typing import Any

from zentrum.local.benchmarks.pages import MAIN, SEARCHES

STEERING = ("idea_list", "idea_page", "finance", "board", "schedule", "project_public")
PROGRAMME = ("programme", "coverage", "indicators", "indicator")
MOST_QUERIES = dict.fromkeys((*STEERING, *PROGRAMME), 15)
MOST_QUERIES_ELSE = 12
MOST_OF_FLOOR = (
    {"dashboard": 15} | dict.fromkeys((*STEERING, *PROGRAMME), 10) | dict.fromkeys(SEARCHES, 15)
)
MOST_OF_FLOOR_ELSE = 8
MOST_GROWTH = 1.3
LEAST_OF_SEND_MAIL = 0.5
MOST_SECONDS = {"duplicates": 60, "import": 20}  # for 20,000 actors or rows, in a worker
MOST_MEGABYTES = 300
MOST_NETWORK_QUERIES = 6
LEAST_MAILS_A_SECOND = 20  # that one worker takes in
MOST_TICK_SECONDS = 10


def check_work(
    duplicates: float, imported: dict[str, float], network: dict[str, Any]
) -> list[dict[str, Any]]:
    """The long work of the night and of an import, in seconds and megabytes."""
    seconds = max(value for name, value in imported.items() if name.endswith("_seconds"))
    megabytes = max(value for name, value in imported.items() if name.endswith("_peak_mb"))
    return [
        _at_most("search for duplicates: seconds", MOST_SECONDS["duplicates"], duplicates),
        _at_most("import: seconds of a worker", MOST_SECONDS["import"], seconds),
        _at_most("import: megabytes of a worker", MOST_MEGABYTES, megabytes),
        _at_most(
            "network of 3,000 nodes: queries", MOST_NETWORK_QUERIES, network["network_queries"]
        ),
    ]


def check_mail(intake: dict[str, float]) -> list[dict[str, Any]]:
    """Ordinary mails of a worker a second, and the memory for one of 40 MB."""
    rate = intake["mails_a_second"]
    name = "mail in: ordinary mails a second"
    holds = rate >= LEAST_MAILS_A_SECOND
    return [
        {"name": name, "limit": LEAST_MAILS_A_SECOND, "value": rate, "holds": holds},
        _at_most("mail in: megabytes for a mail of 40 MB", MOST_MEGABYTES, intake["peak_mb"]),
    ]


def check_ticks(ticks: dict[str, float]) -> list[dict[str, Any]]:
    """One beat of the clock with 10,000 things due."""
    more = ticks["many_queries"] - ticks["few_queries"]
    return [
        _at_most("tick with 10,000 things due: seconds", MOST_TICK_SECONDS, ticks["many_seconds"]),
        _at_most("tick with 10,000 things due: more queries than with 100", 0, more),
    ]


def check(
    small: dict[str, Any], large: dict[str, Any], reminders: dict[str, float]
) -> list[dict[str, Any]]:
    budgets = []
    for name in MAIN:
        queries = large[name]["queries"]
        limit = MOST_QUERIES.get(name, MOST_QUERIES_ELSE)
        budgets.append(_at_most(f"{name}: queries", limit, queries))
        more = queries - small[name]["queries"]
        budgets.append(_at_most(f"{name}: more queries with more history", 0, more))
        budgets.append(_at_most(f"{name}: growth of time", MOST_GROWTH, large[name]["growth"]))
    for name in (*MAIN, *SEARCHES):
        limit = MOST_OF_FLOOR.get(name, MOST_OF_FLOOR_ELSE)
        value = large[name]["of_floor_template"]
        budgets.append(_at_most(f"{name}: time against the template floor", limit, value))
    share = reminders["of_send_mail"]
    holds = share >= LEAST_OF_SEND_MAIL
    name = "reminders: rate against a bare send_mail loop"
    return [*budgets, {"name": name, "limit": LEAST_OF_SEND_MAIL, "value": share, "holds": holds}]


def _at_most(name: str, limit: float, value: float) -> dict[str, Any]:
    return {"name": name, "limit": limit, "value": value, "holds": value <= limit}

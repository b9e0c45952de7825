"""Who has the votes in a body, and whether its rules can be kept with them (Zusammensetzung)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import ceil

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from actors.bodies.models import CIVIL_SOCIETY, Body, Group, Quota, Seat

Text = str | Promise


@dataclass(frozen=True)
class Share:
    """The voting members of one group, and their share in percent of all voting members."""

    group: str
    label: Text
    seats: int
    percent: float


@dataclass(frozen=True)
class Rule:
    """A rule of procedure, how it stands today, and whether it is kept."""

    text: Text
    state: Text
    is_kept: bool


@dataclass(frozen=True)
class Composition:
    """What the seats of one day amount to. `vacant` are voting seats that nobody holds."""

    voting: int
    filled: int
    vacant: int
    advisory: int
    shares: list[Share]
    rules: list[Rule]

    @property
    def is_sound(self) -> bool:
        return all(rule.is_kept for rule in self.rules)


def composition(body: Body, seats: Iterable[Seat], quotas: Iterable[Quota]) -> Composition:
    """Count the seats that are current on the day asked for; they decide, nothing is stored."""
    seats = list(seats)
    voting = [seat for seat in seats if seat.is_voting]
    members = [seat for seat in voting if seat.person_id]
    total = max(body.seats_planned or 0, len(voting))
    counted = Counter(seat.group for seat in members)
    shares = [
        Share(group, Group(group).label, number, _percent(number, len(members)))
        for group, number in counted.most_common()
    ]
    rules = [*_quorum(body, total, len(members)), *_quotas(quotas, counted, len(members))]
    return Composition(
        voting=total,
        filled=len(members),
        vacant=total - len(members),
        advisory=len(seats) - len(voting),
        shares=shares,
        rules=rules,
    )


def composition_on(body: Body, on: date) -> Composition:
    return composition(body, body.seats.current(on), body.quotas.all())


def needed_for_quorum(body: Body, total: int) -> int:
    """How many voting members must be present: the stricter of share and number; 0: no rule."""
    by_share = ceil(total * body.quorum_percent / 100) if body.quorum_percent else 0
    return max(by_share, body.quorum_seats or 0)


def _quorum(body: Body, total: int, members: int) -> list[Rule]:
    needed = needed_for_quorum(body, total)
    if not needed:
        return []
    return [
        Rule(
            _("Quorum: %(needed)s of %(total)s votes") % {"needed": needed, "total": total},
            _("%(members)s seats are held") % {"members": members},
            members >= needed,
        )
    ]


def _quotas(quotas: Iterable[Quota], counted: Counter, members: int) -> list[Rule]:
    rules = []
    for quota in quotas:
        groups = _groups(quota, counted)
        for label, number in groups:
            rules += [_quota(quota, label, number, members)]
    return rules


def _groups(quota: Quota, counted: Counter) -> list[tuple[Text, int]]:
    """The groups that a quota speaks of, each with its number of voting members."""
    if quota.group == Quota.Scope.CIVIL_SOCIETY:
        return [(Quota.Scope.CIVIL_SOCIETY.label, sum(counted[group] for group in CIVIL_SOCIETY))]
    if quota.group == Quota.Scope.EACH:
        return [(Group(group).label, number) for group, number in counted.most_common()]
    return [(Group(quota.group).label, counted[quota.group])]


def _quota(quota: Quota, label: Text, number: int, members: int) -> Rule:
    # In whole numbers: 49 % of 100 votes is 49, and no rounding makes 50 of them.
    share, least, most = number * 100, quota.at_least_percent, quota.at_most_percent
    is_kept = (least is None or share >= least * members) and (
        most is None or share <= most * members
    )
    limits = [_("at least %(percent)s %%") % {"percent": least}] if least else []
    limits += [_("at most %(percent)s %%") % {"percent": most}] if most else []
    percent = round(_percent(number, members))
    return Rule(
        f"{label}: {', '.join(limits)}",
        _("%(number)s of %(members)s votes, %(percent)s %%")
        % {"number": number, "members": members, "percent": percent},
        is_kept,
    )


def _percent(number: int, total: int) -> float:
    return number * 100 / total if total else 0

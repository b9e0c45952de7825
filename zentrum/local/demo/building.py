from collections import Counter
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from actors.models import Actor
from contacts.models import Case
from projects.models import Idea, Project
from zentrum.accounts.models import User
from zentrum.local.demo.actors import build_actors
from zentrum.local.demo.answers import build_answers
from zentrum.local.demo.bodies import build_bodies
from zentrum.local.demo.bundling import build_bundle
from zentrum.local.demo.care import build_care
from zentrum.local.demo.cases import build_cases
from zentrum.local.demo.consultations import build_consultations
from zentrum.local.demo.digests import build_digests
from zentrum.local.demo.duplicates import build_duplicates
from zentrum.local.demo.exchange import build_exchange
from zentrum.local.demo.funding import build_programme
from zentrum.local.demo.history import backdate, by_nobody
from zentrum.local.demo.idea_roads import build_comments, build_ideas
from zentrum.local.demo.mails import build_mails
from zentrum.local.demo.money import build_money
from zentrum.local.demo.network import build_network
from zentrum.local.demo.office import build_office
from zentrum.local.demo.premises import build_premises
from zentrum.local.demo.privacy import build_privacy, build_proposals
from zentrum.local.demo.project_roads import build_projects
from zentrum.local.demo.promises import build_promises
from zentrum.local.demo.synonyms import build_synonyms
from zentrum.office.models import ReferenceCounter, Town


@transaction.atomic
def build_demo(today: date) -> dict[str, int]:
    """Build the demo town around a day; the same day gives the same town. Sends nothing.

    Returns how many rows of each kind there are. Raises ValidationError in a database that has a
    town or people already.
    """
    if Town.objects.filter(is_demo=True).exists():
        raise ValidationError(
            _("The demo town is there already. To build it anew: manage.py demo --remove")
        )
    if Town.objects.exists() or User.objects.exists():
        raise ValidationError(_("The demo town is built in an empty database only."))
    with by_nobody():
        office = build_office(today)
        businesses = build_actors(office)
        build_bodies(office)
        build_network(office, businesses)
        build_premises(office, businesses)
        build_privacy(office, businesses)
        build_duplicates(office)
        build_exchange(office, businesses)
    ideas = build_ideas(office)
    projects = build_projects(office, ideas, businesses)
    with by_nobody():
        cases = build_cases(office, businesses, ideas, projects)
        build_consultations(office, cases)
    build_programme(office, projects, ideas)
    build_money(office, projects)
    with by_nobody():
        build_answers(office)
        build_mails(office)
        build_synonyms()
        build_promises(office, cases, projects, businesses)
        build_care(office, businesses)
        build_digests(office)
    bundle = build_bundle(office, ideas)
    with by_nobody():
        build_comments(office, ideas)
    ideas.append(bundle)
    _count_references("V", cases)
    _count_references("I", ideas)
    _count_references("P", projects)
    build_proposals(office)
    backdate(today)
    return {
        "actors": Actor.objects.count(),
        "cases": len(cases),
        "ideas": len(ideas),
        "projects": len(projects),
    }


def _count_references(prefix: str, rows: list[Case] | list[Idea] | list[Project]) -> None:
    years = Counter(int(row.reference.split("-")[1]) for row in rows)
    for year, last in years.items():
        ReferenceCounter.objects.create(prefix=prefix, year=year, last=last)

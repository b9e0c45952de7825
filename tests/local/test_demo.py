import json
from datetime import date
from io import StringIO
from itertools import groupby, pairwise

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from actors.models import Actor
from contacts.models import Case, Message, Reminder
from projects.ideas import history
from projects.models import Idea, IdeaFollower, Project, ProjectFollower, Supporter
from tests.factories.office import CentreFactory
from zentrum.accounts.models import User
from zentrum.local.demo.building import build_demo
from zentrum.local.demo.removing import remove_demo
from zentrum.mail.models import OutgoingMail
from zentrum.office.models import Centre, Town

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


def run(**options):
    out = StringIO()
    call_command("demo", stdout=out, **options)
    return json.loads(out.getvalue())


def test_demo_town_has_the_promised_size_and_sends_nothing(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as queued:
        counts = run()

    assert counts == {"actors": 142, "cases": 70, "ideas": 29, "projects": 15}
    assert (OutgoingMail.objects.unsent().count(), queued) == (0, [])


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 3, 29), date(2027, 12, 31)])
def test_demo_town_can_be_built_on_any_day(day):
    assert build_demo(day)["cases"] == 70


def picture():
    return [
        list(
            Case.objects.order_by("pk").values_list("reference", "subject", "code", "received_at")
        ),
        list(Message.objects.order_by("pk").values_list("text", "created_at")),
        list(Project.objects.order_by("pk").values_list("reference", "title", "starts_on")),
        list(Idea.objects.order_by("pk").values_list("reference", "title", "state")),
        list(Actor.objects.order_by("pk").values_list("name", "given_name")),
        list(IdeaFollower.objects.order_by("pk").values_list("email", "token")),
        list(ProjectFollower.objects.order_by("pk").values_list("email", "token", "created_at")),
        list(Supporter.objects.order_by("pk").values_list("email", "token")),
        list(OutgoingMail.objects.order_by("pk").values_list("to", "subject", "text", "sent_at")),
    ]


def test_demo_town_is_the_same_on_every_run():
    build_demo(DAY)
    first = picture()
    remove_demo()

    build_demo(DAY)

    assert picture() == first


def test_demo_town_reaches_back_18_months_and_never_into_the_future():
    run()

    oldest, newest = Case.objects.order_by("received_at").values_list("received_at", flat=True)[
        ::69
    ]
    assert 530 <= (timezone.now() - oldest).days <= 550
    assert newest <= timezone.now()
    assert not Case.objects.filter(first_answered_at__gt=timezone.now()).exists()


@pytest.mark.parametrize("model", [Idea, Project])
def test_history_of_the_demo_town_tells_the_road_of_each_matter(model):
    run()

    for row in model.objects.all():
        begun = row.received_on if model is Idea else row.starts_on
        events = list(row.events.order_by("pgh_id"))
        moments = [event.pgh_created_at for event in events]
        assert timezone.localdate(moments[0]) == begun
        assert moments == sorted(moments)
        assert moments[-1] <= timezone.now()
        state = "state" if model is Idea else "phase"
        states = [key for key, _ in groupby(getattr(event, state) for event in events)]
        assert (states[0], states[-1]) == (next(iter(model.STEPS)), getattr(row, state))
        assert all(to in model.STEPS[now] for now, to in pairwise(states))


def test_only_people_take_the_steps_of_the_office_in_the_demo_town():
    run()

    idea = Idea.objects.get(title="Parkhaus unter dem Anger")
    entries = [(entry.title, str(entry.user)) for entry in history.of(idea)]

    assert entries[0] == ("abgelehnt", "Mareike Sonnleitner")
    assert entries[-1] == ("eingegangen", "None")


@pytest.fixture
def page(client, sign_in, settings):
    """A page of the demo town as its manager sees it."""
    settings.DEMO = True  # where staff need no second factor

    def page(url):
        sign_in(user=User.objects.get(email="leitung@birkenfurt.example"))
        return client.get(url)

    return page


def joined(response):
    """Who joined by the page of an idea or a project: name of the case, what it says, the day."""
    return [
        (case.subject, case.said, timezone.localdate(case.joined_at))
        for case in response.context["sources"].joined
        if case.subject in response.text and case.said in response.text
    ]


def test_several_people_joined_the_running_projects_of_the_demo_town_and_follow_them(page):
    build_demo(DAY)

    running = Project.objects.public().running().filter(followers__isnull=False).distinct()
    shown = {row.title: page(row.get_absolute_url()) for row in running}

    assert {title: len(joined(response)) for title, response in shown.items()} == {
        "Zu Fuß zur Schule": 2,
        "Barrierefreier Marktplatz": 2,
        "Trinkbrunnen am Markt": 1,
    }
    assert joined(shown["Barrierefreier Marktplatz"])[0] == (
        "Mit dem Zwillingswagen zum Rathaus",
        "Wir haben am Marktstand davon gehört. Vom Bus zum Rathaus müssen wir den Wagen tragen.",
        date(2026, 10, 28),
    )
    assert "2 Personen folgen dem Projekt per E-Mail." in shown["Barrierefreier Marktplatz"].text
    senders = Case.objects.filter(project__isnull=False).values_list("sender_email", flat=True)
    assert set(ProjectFollower.objects.values_list("email", flat=True)) == set(senders)


def test_somebody_joined_an_idea_of_the_demo_town_and_waits_for_the_answer(page):
    build_demo(DAY)

    idea = Idea.objects.get(title="Feierabendmarkt einmal im Monat")
    response = page(idea.get_absolute_url())

    assert joined(response) == [
        (
            "Käse und Brot für einen Abendmarkt",
            "Am Abend hätten wir Zeit für einen Stand. Bitte sagen Sie uns, wann es losgeht.",
            date(2026, 11, 18),
        )
    ]
    assert "Hofkäserei Brandt, hofkaeserei@birkenfurt.example" in response.text
    assert idea.cases.get(messages__event="joined").state == Case.State.OPEN


def test_bundle_of_the_demo_town_is_public_and_the_bundled_ideas_lead_to_it(client):
    build_demo(DAY)

    bundle = Idea.objects.get(title="Ein Lichtweg durch die Altstadt")
    bundled = list(bundle.merged_ideas.order_by("pk"))

    assert [idea.title for idea in bundled] == [
        "Licht in der Mühlgasse",
        "Schaufenster, die am Abend leuchten",
        "Lampen an der Kirchtreppe",
    ]
    assert bundle.public_text in client.get(bundle.get_public_url()).text
    link = f'<a href="{bundle.get_public_url()}">{bundle.title}</a>'
    for idea in bundled:
        response = client.get(idea.get_public_url())
        assert link in response.text
        assert idea.reason in response.text
    authors = {idea.followers.get(is_author=True).email for idea in bundled}
    assert {follower.email for follower in bundle.followers.all()} == authors
    told = OutgoingMail.objects.filter(subject__contains="zusammengeführt")
    assert {mail.to for mail in told} == authors
    assert {entry.user.name for entry in history.of(bundle) if entry.user} == {
        "Mareike Sonnleitner"
    }


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 11, 20), date(2026, 11, 19)),
        (date(2026, 11, 22), date(2026, 11, 20)),  # a Sunday
    ],
)
def test_outbox_of_the_demo_town_holds_the_digest_of_the_last_working_day(page, day, before):
    build_demo(day)

    reminder = Reminder.objects.get(
        owner__email="leitung@birkenfurt.example", sent_at__isnull=False
    )
    response = page(reverse("mail:outgoing_list"))

    assert (reminder.kind, reminder.occurs_on) == (Reminder.Kind.DIGEST, before)
    assert timezone.localdate(reminder.mail.sent_at) == before
    assert reminder.mail.subject in response.text
    assert not Reminder.objects.undelivered().exists()
    late = Case.objects.filter(received_at__gt=reminder.sent_at)
    assert [case for case in late if case.reference in reminder.mail.text] == []


def test_demo_town_is_not_built_over_a_real_one():
    centre = CentreFactory()

    with pytest.raises(CommandError, match="nur in einer leeren Datenbank"):
        run()

    assert list(Centre.objects.all()) == [centre]


def test_removing_leaves_nothing_of_the_demo_town():
    run()

    run(remove=True)

    left = [Town, Centre, User, Actor, Case, Message, Idea, Project]
    left += [ProjectFollower, OutgoingMail, Reminder]
    assert [model.objects.count() for model in left] == [0] * len(left)
    assert run()["actors"] == 142


def test_removing_never_touches_a_real_town():
    CentreFactory()

    with pytest.raises(CommandError, match="keine Musterstadt"):
        run(remove=True)

    assert Town.objects.count() == 1

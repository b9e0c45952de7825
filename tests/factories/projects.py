from datetime import date
from decimal import Decimal
from uuid import uuid4

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from projects.ideas.supporters import person_of
from projects.models import (
    Booking,
    Comment,
    Document,
    FieldOfAction,
    Goal,
    Idea,
    IdeaFollower,
    Indicator,
    Milestone,
    Participant,
    Programme,
    ProgressNote,
    Project,
    ProjectFollower,
    Reading,
    SiteNotice,
    SiteNoticeRecipient,
    Supporter,
)
from tests.factories.actors import ActorFactory
from tests.factories.office import CentreFactory, UserFactory
from zentrum.files.services import store


class FieldOfActionFactory(DjangoModelFactory):
    class Meta:
        model = FieldOfAction

    name = factory.Sequence(lambda n: f"Handlungsfeld {n}")


class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = Programme

    centre = factory.SubFactory(CentreFactory)
    name = factory.Sequence(lambda n: f"Programm {n}")
    starts_on = date(2024, 1, 1)


class GoalFactory(DjangoModelFactory):
    class Meta:
        model = Goal

    programme = factory.SubFactory(ProgrammeFactory)
    title = factory.Sequence(lambda n: f"Ziel {n}")
    position = factory.Sequence(lambda n: n + 1)


class IndicatorFactory(DjangoModelFactory):
    class Meta:
        model = Indicator

    goal = factory.SubFactory(GoalFactory)
    name = factory.Sequence(lambda n: f"Indikator {n}")
    unit = "leere Läden"
    baseline_value = Decimal(20)
    baseline_on = date(2024, 1, 1)
    target_value = Decimal(10)
    target_on = date(2028, 12, 31)


class ReadingFactory(DjangoModelFactory):
    class Meta:
        model = Reading

    indicator = factory.SubFactory(IndicatorFactory)
    value = Decimal(15)
    measured_on = date(2025, 6, 30)
    provider = "Zentrenmanagement"
    source = "Rundgang"
    by = factory.SubFactory(UserFactory)


class IdeaFactory(DjangoModelFactory):
    class Meta:
        model = Idea

    reference = factory.Sequence(lambda n: f"I-2026-{n:04d}")
    title = factory.Sequence(lambda n: f"Idee {n}")
    text = "Mehr Bänke am Platz."
    centre = factory.SubFactory(CentreFactory)
    carrier = factory.SelfAttribute("centre.carrier")
    received_on = date(2026, 11, 2)


class IdeaFollowerFactory(DjangoModelFactory):
    class Meta:
        model = IdeaFollower

    idea = factory.SubFactory(IdeaFactory)
    email = factory.Sequence(lambda n: f"follower{n}@example.org")


class SupporterFactory(DjangoModelFactory):
    class Meta:
        model = Supporter

    idea = factory.SubFactory(IdeaFactory)
    email = factory.Sequence(lambda n: f"supporter{n}@example.org")
    person = factory.LazyAttribute(lambda voice: person_of(voice.email))
    confirmed_at = factory.LazyFunction(timezone.now)


class CommentFactory(DjangoModelFactory):
    class Meta:
        model = Comment

    idea = factory.SubFactory(IdeaFactory)
    key = factory.LazyFunction(uuid4)
    name = "Jo Berg"
    email = factory.Sequence(lambda n: f"comment{n}@example.org")
    text = "Gute Idee."
    due_on = date(2026, 11, 4)


class ProjectFollowerFactory(DjangoModelFactory):
    class Meta:
        model = ProjectFollower

    project = factory.SubFactory("tests.factories.projects.ProjectFactory")
    email = factory.Sequence(lambda n: f"project-follower{n}@example.org")


class ProjectFactory(DjangoModelFactory):
    class Meta:
        model = Project

    reference = factory.Sequence(lambda n: f"P-2026-{n:04d}")
    title = factory.Sequence(lambda n: f"Projekt {n}")
    summary = "Bänke und Bäume für den Platz."
    field_of_action = factory.SubFactory(FieldOfActionFactory)
    lead = factory.SubFactory(UserFactory)
    centre = factory.SubFactory(CentreFactory)
    carrier = factory.SelfAttribute("centre.carrier")
    starts_on = date(2026, 3, 2)


class MilestoneFactory(DjangoModelFactory):
    class Meta:
        model = Milestone

    project = factory.SubFactory(ProjectFactory)
    title = factory.Sequence(lambda n: f"Meilenstein {n}")
    planned_on = date(2026, 12, 1)


class ParticipantFactory(DjangoModelFactory):
    class Meta:
        model = Participant

    project = factory.SubFactory(ProjectFactory)
    actor = factory.SubFactory(ActorFactory)


class ProgressNoteFactory(DjangoModelFactory):
    class Meta:
        model = ProgressNote

    project = factory.SubFactory(ProjectFactory)
    author = factory.SubFactory(UserFactory)
    text = factory.Sequence(lambda n: f"Sachstand {n}")


class DocumentFactory(DjangoModelFactory):
    class Meta:
        model = Document

    project = factory.SubFactory(ProjectFactory)
    file = factory.LazyFunction(lambda: store(SimpleUploadedFile("plan.txt", b"Plan")))
    title = factory.Sequence(lambda n: f"Unterlage {n}")


class BookingFactory(DjangoModelFactory):
    class Meta:
        model = Booking

    project = factory.SubFactory(ProjectFactory)
    by = factory.SelfAttribute("project.lead")
    year = 2026
    source = Booking.Source.STATE
    kind = Booking.Kind.PLANNED
    amount = Decimal("1000.00")
    booked_on = date(2026, 3, 2)
    submission = factory.LazyFunction(uuid4)


class SiteNoticeFactory(DjangoModelFactory):
    class Meta:
        model = SiteNotice

    project = factory.SubFactory(ProjectFactory)
    title = factory.Sequence(lambda n: f"Bauabschnitt {n}")
    text = "Der Gehweg ist gesperrt."
    starts_on = date(2027, 3, 1)
    contact = "Frau Muster, 030 123"
    area = {
        "type": "Polygon",
        "coordinates": [
            [[13.34, 52.53], [13.3415, 52.53], [13.3415, 52.5309], [13.34, 52.5309], [13.34, 52.53]]
        ],
    }


class SiteNoticeRecipientFactory(DjangoModelFactory):
    class Meta:
        model = SiteNoticeRecipient

    notice = factory.SubFactory(SiteNoticeFactory)
    actor = factory.SubFactory(ActorFactory)
    way = "letter"

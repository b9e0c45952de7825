"""One demo town for all tests of bad input; nothing they do is kept."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from actors.models import Actor
from contacts.models import Attachment, Case, Consultation, Submission
from tests.factories.actors import ImportRunFactory, RelationFactory
from tests.factories.mail import OutgoingMailFactory
from zentrum.accounts.models import User
from zentrum.accounts.roles import Role
from zentrum.files.services import store
from zentrum.local.demo.building import build_demo


@pytest.fixture(scope="module")
def demo_town(django_db_setup, django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        build_demo(timezone.localdate())
        for user in User.objects.all():
            Authenticator.objects.create(
                user=user, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"}
            )
        _rows_that_the_demo_lacks()
        yield
        transaction.set_rollback(True)


def _rows_that_the_demo_lacks() -> None:
    case = Case.objects.filter(state="open").exclude(sender_email="").first()
    Submission.objects.create(case=case, submitted_at=timezone.now())
    Submission.objects.create(
        submitted_at=timezone.now(),
        quarantined_at=timezone.now(),
        quarantine_reason="links",
        data={"kind": "idea", "title": "Bank", "text": "Eine", "centre": case.centre_id},
    )
    file = store(SimpleUploadedFile("plan.txt", b"Plan"))
    Attachment.objects.create(message=case.messages.for_sender().first(), file=file)
    asked = Consultation.objects.open().filter(kind="question").latest("pk")
    Attachment.objects.create(message=asked.message, file=file)
    mail = OutgoingMailFactory(centre=case.centre, carrier=case.carrier)
    mail.attachments.create(file=file)
    ImportRunFactory(centre=case.centre, file=file, state="mapping")
    RelationFactory(actor=Actor.objects.earliest("pk"), other=Actor.objects.latest("pk"))


@pytest.fixture
def db(demo_town) -> Iterator[None]:
    """Stands in for pytest-django's fixture, which would end the transaction of the town."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _quiet_logs(caplog):
    """Thousands of refusals: writing each down takes longer than the tests."""
    caplog.set_level("CRITICAL", logger="django")


@pytest.fixture
def visitor(db) -> Callable[..., Client]:
    """A browser of nobody, or of the demo's person with this role."""

    def visitor(role: Role | None = None, **options) -> Client:
        client = Client(raise_request_exception=False, **options)
        if role:
            user = User.objects.get(mandates__role=role)
            client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        return client

    return visitor


@pytest.fixture
def ask() -> Callable[..., HttpResponse]:
    """One request whose writes are undone, each from an address of its own (rate limits)."""
    addresses = count(1)

    def ask(method: Callable[..., HttpResponse], *args, **kwargs) -> HttpResponse:
        number = next(addresses)
        kwargs.setdefault("REMOTE_ADDR", f"10.0.{number >> 8}.{number & 255}")
        with transaction.atomic():
            response = method(*args, **kwargs)
            if response.streaming:
                response.getvalue()  # read to its end, which closes the file
            if response.status_code < 500:
                connection.check_constraints()
            transaction.set_rollback(True)
        return response

    return ask

import factory
from factory.django import DjangoModelFactory

from tests.factories.office import CentreFactory
from zentrum.mail.models import OutgoingMail


class OutgoingMailFactory(DjangoModelFactory):
    class Meta:
        model = OutgoingMail

    key = factory.Sequence(lambda n: f"test:{n}")
    message_id = factory.Sequence(lambda n: f"<{n}@zentrum.localhost>")
    to = factory.Sequence(lambda n: f"laden{n}@example.org")
    subject = factory.Sequence(lambda n: f"Ihre Anfrage {n}")
    text = "Guten Tag, wir haben Ihre Anfrage erhalten."
    html = "<p>Guten Tag</p>"
    centre = factory.SubFactory(CentreFactory)
    carrier = factory.SelfAttribute("centre.carrier")

import pytest
from django.urls import reverse

from contacts.cases.links import status_path
from tests.factories.contacts import CaseFactory, MessageFactory
from tests.factories.office import CentreFactory
from zentrum.accounts.roles import Role


@pytest.mark.parametrize("name", ["today", "case_list", "case_create", "submission_list"])
def test_page_opens(client, sign_in, name):
    sign_in(Role.MANAGER, centre=CentreFactory())

    assert client.get(reverse(f"contacts:{name}")).status_code == 200


def test_case_opens(client, sign_in):
    centre = CentreFactory()
    user = sign_in(Role.MANAGER, centre=centre)
    case = CaseFactory(centre=centre, owner=user, sender_email="a@example.org")
    MessageFactory(case=case)
    assert client.get(case.get_absolute_url()).status_code == 200
    assert client.get(status_path(case)).status_code == 200

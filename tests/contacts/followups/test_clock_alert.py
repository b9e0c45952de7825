from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts.followups import heartbeat
from zentrum.accounts.roles import Role

pytestmark = pytest.mark.django_db
RED = "kern-alert--danger"


@pytest.mark.parametrize("page", ["contacts:today", "contacts:reminder_list"])
@pytest.mark.parametrize(("minutes", "red"), [(None, True), (6, True), (4, False)])
def test_page_turns_red_while_the_clock_stands_still(client, sign_in, minutes, red, page):
    sign_in(Role.MANAGER)
    if minutes:
        heartbeat.beat(timezone.now() - timedelta(minutes=minutes), {})

    assert (RED in client.get(reverse(page)).text) is red

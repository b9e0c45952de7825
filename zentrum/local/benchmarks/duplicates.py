"""The nightly search for duplicates over all actors of the benchmark's town."""

import time

import pgtrigger
from django.db import transaction

from actors.duplicates import finding
from actors.models import Actor, Address, PhoneNumber
from zentrum.local.benchmarks.filling import execute, fill

PLANTED_EVERY = 40  # so many actors have one double, spelled with a legal form


def seconds() -> float:
    """What one search takes; the planted doubles and their candidates are gone afterwards.

    Raises RuntimeError when a planted double is not found.
    """
    with transaction.atomic():
        with pgtrigger.ignore():
            planted = _plant()
        execute("ANALYZE actors_actor, actors_address, actors_phonenumber, actors_emailaddress")
        started = time.perf_counter()
        found = finding.find()
        taken = time.perf_counter() - started
        transaction.set_rollback(True)
    if found < planted:
        raise RuntimeError(f"{planted} doubles were planted, {found} candidates found")
    return round(taken, 2)


def _plant() -> int:
    fill(PhoneNumber, "actors_actor", actor="id", number="'030 ' || (1000000 + id)")
    every = f"actors_actor WHERE id % {PLANTED_EVERY} = 0"
    fill(
        Actor,
        every,
        kind="kind",
        name="replace(name, 'ü', 'ue') || ' GmbH'",
        centre="centre_id",
        description="id::text",
    )
    doubles = "actors_actor double JOIN actors_address address ON"
    fill(
        Address,
        f"{doubles} address.actor_id::text = double.description",
        actor="double.id",
        street="address.street",
        postcode="address.postcode",
        town="address.town",
        latitude="address.latitude",
        longitude="address.longitude",
    )
    return Actor.objects.exclude(description="").count()

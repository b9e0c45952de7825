"""Which pairs of actors are worth comparing: they share something that PostgreSQL can find fast.

Comparing each with each would be 200 million pairs for 20,000 actors. Every pair that can be
proposed shares an address, a number, a host, a house or stands within a few metres, so nothing is
lost by looking only there; the same words in the name are added for the hint "only the name".
"""

from collections import Counter, defaultdict
from itertools import combinations

from django.db import connection

from actors.directory.models import Actor, EmailAddress, PhoneNumber
from actors.duplicates.spelling import digits_of, host_of, words_of

MANY = 10  # actors that share a value: it belongs to none of them
Pair = tuple[int, int]

# The smaller key first; archived actors are not looked at.
PAIRS = """
    WITH keyed AS MATERIALIZED (
        SELECT DISTINCT actor.id, actor.kind = 'person' AS is_person, actor.sort_text, {key} AS key
        FROM actors_actor actor {join}
        WHERE actor.archived_at IS NULL AND {condition}
    ), shared AS (
        SELECT key FROM keyed GROUP BY key HAVING count(*) BETWEEN 2 AND {many}
    )
    SELECT DISTINCT one.id, two.id
    FROM keyed one JOIN keyed two ON one.key = two.key AND one.id < two.id
    WHERE one.is_person = two.is_person AND one.key IN (SELECT key FROM shared) AND {alike}
"""
EMAIL = {
    "key": "lower(email.email)",
    "join": "JOIN actors_emailaddress email ON email.actor_id = actor.id",
    "condition": "email.email <> ''",
}
# Seven digits are a rough key: whether the numbers are the same is compared afterwards.
PHONE = {
    "key": "right(regexp_replace(phone.number, '[^0-9]', '', 'g'), 7)",
    "join": "JOIN actors_phonenumber phone ON phone.actor_id = actor.id",
    "condition": "length(regexp_replace(phone.number, '[^0-9]', '', 'g')) >= 6",
    "many": "50",
}
WEBSITE = {
    "key": "substring(lower(actor.website) from '^(?:https?://)?(?:www\\.)?([^/:?#]+)')",
    "condition": "actor.website <> ''",
}
# "Marktpl. 3" and "Marktplatz 3": six letters and the first number.
HOUSE = {
    "key": "left(regexp_replace(substring(address.search_text from '^[^0-9]*'), '[^a-z]', '', 'g'),"
    " 6) || substring(address.street from '[0-9]+')",
    "join": "JOIN actors_address address ON address.actor_id = actor.id",
    "condition": "address.street ~ '[0-9]'",
    "many": "1000",
    "alike": "similarity(one.sort_text, two.sort_text) >= 0.25",
}
# Cells of about 50 metres (between 47 and 55 degrees north) and their neighbours.
NEAR = """
    WITH placed AS MATERIALIZED (
        SELECT actor.id, actor.kind = 'person' AS is_person, actor.sort_text,
            floor(address.latitude / 0.0005)::int AS north,
            floor(address.longitude / 0.0008)::int AS east
        FROM actors_actor actor JOIN actors_address address ON address.actor_id = actor.id
        WHERE actor.archived_at IS NULL AND address.latitude IS NOT NULL
    ), around AS (
        SELECT id, is_person, sort_text, north + n AS north, east + e AS east
        FROM placed, generate_series(-1, 1) AS n, generate_series(-1, 1) AS e
    )
    SELECT DISTINCT one.id, two.id
    FROM around one JOIN placed two USING (north, east, is_person)
    WHERE one.id < two.id AND similarity(one.sort_text, two.sort_text) >= 0.4
"""


def pairs() -> set[Pair]:
    """Each pair once; call it inside a transaction."""
    found: set[Pair] = set(_same_words())
    with connection.cursor() as cursor:
        # The planner guesses few rows behind a materialised part and would loop over all pairs.
        cursor.execute("SET LOCAL enable_nestloop = off")
        for block in (EMAIL, PHONE, WEBSITE, HOUSE):
            parts = {"join": "", "many": str(MANY), "alike": "TRUE"} | block
            cursor.execute(PAIRS.format(**parts))
            found.update(cursor.fetchall())
        cursor.execute(NEAR)
        found.update(cursor.fetchall())
        cursor.execute("SET LOCAL enable_nestloop = on")
    return found


def _same_words() -> list[Pair]:
    groups: dict[tuple, list[int]] = defaultdict(list)
    rows = Actor.objects.active().order_by("pk").values_list("pk", "kind", "name", "given_name")
    for pk, kind, name, given_name in rows:
        words = words_of(f"{name} {given_name}")
        groups[kind == "person", "".join(sorted(words))].append(pk)
    alike = [group for group in groups.values() if 2 <= len(group) <= MANY]
    return [pair for group in alike for pair in combinations(group, 2)]


def shared_by_many() -> frozenset[str]:
    """E-mail addresses, digits of numbers and hosts that more than ten actors share."""
    active = {"actor__archived_at__isnull": True}
    emails = EmailAddress.objects.filter(**active).values_list("email", flat=True)
    numbers = PhoneNumber.objects.filter(**active).values_list("number", flat=True)
    websites = Actor.objects.active().exclude(website="").values_list("website", flat=True)
    counts = Counter(email.lower() for email in emails)
    counts.update(digits_of(number) for number in numbers)
    counts.update(host_of(website) for website in websites.order_by())
    return frozenset(value for value, count in counts.items() if count > MANY)

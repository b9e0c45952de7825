"""Is somebody like this in the directory already? Asked while typing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity

from actors.directory.forms import ActorEditor
from actors.directory.lookup_keys import PHONE_KEY, phone_key
from actors.directory.models import Actor, ActorQuerySet, Address, EmailAddress, PhoneNumber
from actors.duplicates import profiles
from actors.duplicates.comparing import Comparison, Profile, compare, shared_contact
from actors.duplicates.showing import in_words
from actors.duplicates.spelling import own_words
from zentrum.common.text import normalise
from zentrum.office.models import Centre

MOST = 5
MOST_LIKE_NAMED = 30
MOST_SHARING = 10  # of an address or number; beyond, it belongs to none of them
Values = dict[str, Any]


@dataclass(frozen=True)
class Likely:
    """An actor that the new one may be, and why."""

    actor: Actor
    comparison: Comparison

    @property
    def is_by_contact(self) -> bool:
        """The very same e-mail address or phone number: the form asks before it saves."""
        return self.comparison.is_by_contact

    @property
    def why(self) -> str:
        return in_words(self.comparison.reasons)


def likely(values: Values, centre: Centre) -> list[Likely]:
    """At most five active actors of the centre that these values may stand for, best first.

    `values` are those of an import: name, legal_form, street, email, phone, website, latitude,
    longitude; also kind, given_name, and lists of emails and phones. An actor is named that shares
    an e-mail address or number, or whose name and something else agree; never for its name alone.
    """
    found = alike(profile_of(values), Actor.objects.filter(centre=centre))
    return [hint for hint in found if hint.comparison.is_proposed or hint.is_by_contact][:MOST]


def for_editor(editor: ActorEditor) -> list[Likely]:
    """Who has the e-mail address or number of a new actor's valid form already."""
    data, contact = editor.form.cleaned_data, editor.contact
    values = {name: data[name] for name in ("kind", "name", "given_name", "website")}
    values["emails"] = [row["email"] for row in contact.emails]
    values["phones"] = [row["number"] for row in contact.phones]
    values["street"] = contact.address.get("street", "")
    values["latitude"], values["longitude"] = contact.address.get("place") or (None, None)
    others = Actor.objects.filter(centre=data["centre"])
    if data["submission"]:  # the button was pressed twice: that is no duplicate
        others = others.exclude(submission=data["submission"])
    return [hint for hint in alike(profile_of(values), others) if hint.is_by_contact][:MOST]


def profile_of(values: Values) -> Profile:
    profile = Profile(
        values.get("kind") or "organisation", values.get("name", ""), values.get("given_name", "")
    )
    for email in [values.get("email", ""), *values.get("emails", [])]:
        profile.add_email(email)
    for number in [values.get("phone", ""), *values.get("phones", [])]:
        profile.add_phone(number)
    profile.add_website(values.get("website", ""))
    profile.add_address(values.get("street", ""), values.get("latitude"), values.get("longitude"))
    return profile


def alike(wanted: Profile, actors: ActorQuerySet) -> list[Likely]:
    """The actors among these that are like the profile, best first; in at most 11 queries."""
    pks = [pk for found in _found(wanted) for pk in found]
    rows = {actor.pk: actor for actor in actors.active().filter(pk__in=pks)}
    known = profiles.load(rows)
    hints = []
    for pk, actor in rows.items():
        comparison = compare(wanted, known[pk]) or shared_contact(wanted, known[pk])
        if comparison:
            hints.append(Likely(actor, comparison))
    return sorted(hints, key=lambda hint: (-hint.comparison.score, hint.actor.pk))


def _found(wanted: Profile) -> Iterable[list[int]]:
    if wanted.emails:
        emails = [*wanted.emails.keys(), *wanted.emails.values()]
        yield _few(EmailAddress.objects.filter(email__in=emails))
    if wanted.phones:
        numbers = PhoneNumber.objects.alias(key=phone_key())
        yield _few(numbers.filter(key__in=[digits[-PHONE_KEY:] for digits in wanted.phones]))
    active = Actor.objects.active().order_by()
    for host in wanted.hosts:
        yield list(active.filter(search_text__contains=host).values_list("pk", flat=True)[:50])
    for street in wanted.streets.values():
        at = Address.objects.filter(search_text__contains=normalise(street)).order_by()
        yield list(at.values_list("actor", flat=True)[:200])
    if words := own_words(wanted.words) or wanted.words:
        text = " ".join(words)
        named = active.filter(search_text__trigram_word_similar=text).annotate(
            rank=TrigramWordSimilarity(text, "search_text")
        )
        yield list(named.order_by("-rank", "pk").values_list("pk", flat=True)[:MOST_LIKE_NAMED])


def _few(rows: Any) -> list[int]:
    """The actors of these rows; none if so many share the value that it says nothing."""
    active = rows.filter(actor__archived_at__isnull=True).order_by()
    pks = list(active.values_list("actor", flat=True).distinct()[: MOST_SHARING + 1])
    return pks if len(pks) <= MOST_SHARING else []

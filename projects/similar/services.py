"""The list of words with the same meaning, as the office keeps it."""

from typing import TYPE_CHECKING

import pghistory
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from projects.similar.models import Synonym, SynonymGroup
from projects.similar.words import key_of

if TYPE_CHECKING:
    from zentrum.accounts.models import User


def keep_words(
    group: SynonymGroup, words: list[str], *, by: "User", version: int | None = None
) -> None:
    """Save a group, new or changed, with exactly these words; each form of a word counts once.

    Raises ValidationError when fewer than two words are left, when one stands in another group, or
    (code "stale") when somebody else has changed the group since it was shown.
    """
    keys: dict[str, str] = {}
    for word in words:
        keys.setdefault(key_of(word), word)
    if len(keys) < 2:
        raise ValidationError(
            {"words": _("Please write at least two words that mean the same.")}, code="few"
        )
    _refuse_taken(group, keys)
    try:
        with transaction.atomic(), pghistory.context(user=by.pk):
            _save(group, keys, version)
    except IntegrityError:
        _refuse_taken(group, keys)  # somebody wrote one of them at this very moment
        raise


def _save(group: SynonymGroup, keys: dict[str, str], version: int | None) -> None:
    if group.pk:
        group.refresh_from_db(from_queryset=SynonymGroup.objects.select_for_update())
        if version is not None and version != group.version:
            raise ValidationError(
                _("Somebody else has changed these words in the meantime. Please look again."),
                code="stale",
            )
        group.version += 1
    group.save()
    group.synonyms.all().delete()
    Synonym.objects.bulk_create(
        [Synonym(group=group, word=word, key=key) for key, word in keys.items()]
    )


def _refuse_taken(group: SynonymGroup, keys: dict[str, str]) -> None:
    others = Synonym.objects.filter(key__in=keys).exclude(group=group.pk or 0)
    if taken := others.select_related("group").prefetch_related("group__synonyms").first():
        message = _(
            "“%(word)s” stands already in this group: %(group)s. Please add your words there."
        )
        raise ValidationError(
            {"words": message % {"word": keys[taken.key], "group": taken.group}}, code="taken"
        )


@transaction.atomic
def remove_words(group: SynonymGroup, *, by: "User") -> None:
    """Take the group off the list."""
    with pghistory.context(user=by.pk):
        group.delete()

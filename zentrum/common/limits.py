"""How often one address on the internet may do something, counted in the cache."""

from django.core.cache import cache
from django.utils.crypto import salted_hmac


def exceeded(name: str, who: str, *, most: int, seconds: int) -> bool:
    """Count one more act; True when there were more than `most` within the period.

    The counter starts with the first act and is raised in one step, so acts at the same moment
    all count. Who it was is only kept as a keyed hash. A cache that is down allows everything.
    """
    key = f"limit:{name}:{salted_hmac('contacts.limits', who).hexdigest()[:24]}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) > most
    except ValueError:  # the period ended between the two steps
        return False

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def _forgiving(name: str, when_down: Any) -> Callable[..., Any]:
    """Django's method of that name, giving `when_down` while Redis cannot be reached."""
    method = getattr(RedisCache, name)

    @wraps(method)
    def forgiving(self: RedisCache, *args: Any, **keywords: Any) -> Any:
        try:
            return method(self, *args, **keywords)
        except RedisError as error:
            logger.warning("The cache is out of reach (%s): %s", name, error)
            return when_down(*args, **keywords) if callable(when_down) else when_down

    return forgiving


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, except that a Redis that is down means an empty cache, not an error.

    Sessions fall back to the database row (cached_db), rate limits pause; nobody sees a 500.
    """

    get = _forgiving("get", lambda key, default=None, version=None: default)
    get_many = _forgiving("get_many", lambda *_args, **_keywords: {})
    has_key = _forgiving("has_key", False)
    set = _forgiving("set", None)
    set_many = _forgiving("set_many", lambda data, *_args, **_keywords: list(data))
    add = _forgiving("add", True)
    incr = _forgiving("incr", lambda key, delta=1, version=None: delta)
    touch = _forgiving("touch", False)
    delete = _forgiving("delete", False)
    delete_many = _forgiving("delete_many", None)

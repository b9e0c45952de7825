import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, except that a Redis that is down means an empty cache, not an error.

    Sessions fall back to the database row (cached_db), rate limits pause; nobody sees a 500.
    """

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError as error:
            logger.warning("The cache cannot be read: %s", error)
            return default

    def set(self, key: str, value: Any, timeout: Any = ..., version: int | None = None) -> None:
        keywords = {} if timeout is ... else {"timeout": timeout}
        try:
            super().set(key, value, version=version, **keywords)
        except RedisError as error:
            logger.warning("The cache cannot be written: %s", error)

    def delete(self, key: str, version: int | None = None) -> bool:
        try:
            return super().delete(key, version)
        except RedisError as error:
            logger.warning("The cache cannot be written: %s", error)
            return False

    def add(self, key: str, value: Any, timeout: Any = ..., version: int | None = None) -> bool:
        keywords = {} if timeout is ... else {"timeout": timeout}
        try:
            return super().add(key, value, version=version, **keywords)
        except RedisError as error:
            logger.warning("The cache cannot be written: %s", error)
            return True

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        try:
            return super().incr(key, delta, version)
        except RedisError as error:
            logger.warning("The cache cannot be written: %s", error)
            return delta

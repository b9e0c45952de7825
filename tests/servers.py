"""PostgreSQL and Redis for one run of the suite.

Redis lives in a folder that goes with the run. The cluster of PostgreSQL stays in `.local/tests`,
because it keeps the migrated database for the next run (`tests/migrated.py`); a run beside another
one has a cluster that goes with it, too.
"""

import atexit
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from django.core.management import CommandError

from zentrum.local.locks import Lock
from zentrum.local.postgresql import PostgreSQL
from zentrum.local.redis_server import RedisServer

KEPT = Path(__file__).parents[1] / ".local" / "tests"
LOCK = Lock(KEPT / "lock")
OWN = "TESTS_OWN_POSTGRESQL"  # set for the processes of pytest-xdist: the server is the suite's
# A test database may vanish with the machine: nothing is forced to disk.
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"]
# The keeper reads until its standard input closes: that happens even if the run is killed outright.
KEEPER = 'read -r _; kill -INT "$1"; kill -TERM "$2"; sleep 1; shift 2; rm -rf "$@"'


def start() -> None:
    """Set DATABASE_URL and REDIS_URL where they are not given, each to a fresh server."""
    if "DATABASE_URL" in os.environ and "REDIS_URL" in os.environ:
        return  # given from outside, or a worker of pytest-xdist, which shares its parent's servers
    folder = Path(tempfile.mkdtemp(prefix="zentrum-tests-"))
    folder.chmod(0o711)  # the user who runs PostgreSQL for root passes through
    is_alone = LOCK.try_alone()
    postgresql = PostgreSQL((KEPT if is_alone else folder) / "postgresql", FAST)
    redis = RedisServer(folder / "redis")
    _start(postgresql)
    redis.start()
    if "DATABASE_URL" not in os.environ:
        os.environ |= {"DATABASE_URL": postgresql.url, OWN: "yes"}
    os.environ.setdefault("REDIS_URL", redis.url)
    _end_with_this_process(postgresql, redis, [folder] if is_alone else [folder, postgresql.home])


def _start(postgresql: PostgreSQL) -> None:
    try:
        postgresql.start()
    except CommandError:  # nothing is forced to disk: a crash of the machine may have torn it
        shutil.rmtree(postgresql.home)
        postgresql.start()


def _end_with_this_process(postgresql: PostgreSQL, redis: RedisServer, doomed: list[Path]) -> None:
    pids = [str(postgresql.pid), str(redis.pid)]
    keeper = subprocess.Popen(
        ["sh", "-c", KEEPER, "keeper", *pids, *map(str, doomed)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def stop(own_pid: int = os.getpid()) -> None:
        if os.getpid() != own_pid:  # a forked child leaves the servers alone
            return
        redis.stop()
        postgresql.stop()
        for path in doomed:
            shutil.rmtree(path, ignore_errors=True)
        keeper.kill()
        keeper.wait()

    atexit.register(stop)

"""PostgreSQL and Redis for one run of the suite, in a folder that goes with the run."""

import atexit
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from zentrum.local.postgresql import PostgreSQL
from zentrum.local.redis_server import RedisServer

# A test database may vanish with the machine: nothing is forced to disk.
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"]
# The keeper reads until its standard input closes: that happens even if the run is killed outright.
KEEPER = 'read -r _; kill -INT "$1"; kill -TERM "$2"; sleep 1; rm -rf "$3" "$4"'


def start() -> None:
    """Set DATABASE_URL and REDIS_URL where they are not given, each to a fresh server."""
    if "DATABASE_URL" in os.environ and "REDIS_URL" in os.environ:
        return  # given from outside, or a worker of pytest-xdist, which shares its parent's servers
    folder = Path(tempfile.mkdtemp(prefix="zentrum-tests-"))
    folder.chmod(0o711)  # the user who runs PostgreSQL for root passes through
    postgresql = PostgreSQL(folder / "postgresql", FAST)
    redis = RedisServer(folder / "redis")
    postgresql.start()
    redis.start()
    os.environ.setdefault("DATABASE_URL", postgresql.url)
    os.environ.setdefault("REDIS_URL", redis.url)
    _end_with_this_process(postgresql, redis, folder)


def _end_with_this_process(postgresql: PostgreSQL, redis: RedisServer, folder: Path) -> None:
    pids = [str(postgresql.pid), str(redis.pid)]
    keeper = subprocess.Popen(
        ["sh", "-c", KEEPER, "keeper", *pids, str(folder), str(postgresql.home)],
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
        shutil.rmtree(postgresql.home, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
        keeper.kill()
        keeper.wait()

    atexit.register(stop)

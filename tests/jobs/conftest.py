import pytest

from tests.jobs.own_postgresql import OwnPostgreSQL
from tests.jobs.sink import Sink
from tests.jobs.workers import Worker, wait_until
from zentrum.celery import app
from zentrum.local.redis_server import RedisServer


@pytest.fixture
def redis(tmp_path):
    """A Redis that a test may stop; this process queues there too."""
    server = RedisServer(tmp_path / "redis")
    server.start()
    before = app.conf.broker_url
    _queue_at(server.url)
    yield server
    _queue_at(before)
    server.stop()


def _queue_at(url):
    app.conf.broker_url = url
    app._pool = app.amqp._producer_pool = None


@pytest.fixture
def sink():
    sink = Sink()
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture
def start_worker(transactional_db, redis, sink, tmp_path):
    workers = []

    def start(*, app="zentrum"):
        name = f"worker{len(workers)}"
        log = tmp_path / f"{name}.log"
        worker = Worker(name, redis_url=redis.url, smtp_port=sink.port, app=app, log=log)
        workers.append(worker)
        wait_until(worker.is_ready)
        return worker

    yield start
    for worker in workers:
        worker.stop()


@pytest.fixture
def postgresql(transactional_db, tmp_path_factory):
    """A PostgreSQL that a test may crash; this process and its workers use it."""
    own = OwnPostgreSQL(tmp_path_factory.mktemp("own") / "postgresql")
    own.use()
    yield own
    own.leave()

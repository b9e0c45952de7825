"""The project's settings on servers of the suite's own."""

import os
import tempfile
from pathlib import Path

from tests import servers
from zentrum.local import catalogues

servers.start()
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
FOLDER = Path(tempfile.mkdtemp(prefix="zentrum-tests-files-"))
os.environ |= {
    "SECRET_KEY": "only-for-tests",
    "EMAIL_URL": "console://",
    "DEBUG": "false",
    "DEMO": "false",
    "HTTPS": "false",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "STATIC_ROOT": str(FOLDER / "static"),
    "MEDIA_ROOT": str(FOLDER / "media"),
    "TILE_CACHE": str(FOLDER / "tiles"),
    "TILE_URL": "http://127.0.0.1:9/{z}/{x}/{y}.png",  # nobody answers: no test asks a foreign host
}
(FOLDER / "static").mkdir()  # WhiteNoise warns about a folder that is not there

from zentrum.settings import *  # noqa: E402, F403 - the environment above comes first

# Now, because Django keeps what it finds when it starts, and a fresh clone has no catalogue yet.
catalogues.compile_all(LOCALE_PATHS)  # noqa: F405

# Each worker of pytest-xdist has a database of its own in either server.
REDIS_URL = os.environ["REDIS_URL"].rsplit("/", 1)[0] + f"/{WORKER}"
CELERY_BROKER_URL = REDIS_URL
CACHES["default"]["LOCATION"] = REDIS_URL  # noqa: F405

UNDO_SECONDS = 0  # answers leave at once, unless a test is about taking them back
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast
STORAGES["staticfiles"] = {  # noqa: F405 - no manifest is built for the suite
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}

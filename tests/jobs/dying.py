"""The application of a worker that kills itself once, at the step that DIE_AT names."""

import os
import signal
from pathlib import Path

from tests.jobs.always_open import app  # sets Django up, which the rest needs

# isort: split
from contacts.followups import delivering as reminders
from zentrum.mail import delivering as mails

FLAG = Path(os.environ["DIE_FLAG"])
STEPS = {  # before or after which function of the delivery
    "rows_locked": (reminders, "_settle", False),
    "rows_written": (reminders, "_write", False),
    "rows_committed": (reminders, "deliver_new", False),
    "mail_locked": (mails, "_attempt", False),
    "handing_over": (mails, "_send", False),
    "accepted": (mails, "_send", True),
}


def _die() -> None:
    """No goodbye, and only once: the worker that takes over finds the flag gone."""
    if FLAG.exists():
        FLAG.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


def _lethal(function, after):
    def dying(*args, **kwargs):
        if not after:
            _die()
        result = function(*args, **kwargs)
        if after:
            _die()
        return result

    return dying


_module, _name, _after = STEPS[os.environ["DIE_AT"]]
setattr(_module, _name, _lethal(getattr(_module, _name), _after))

__all__ = ["app"]

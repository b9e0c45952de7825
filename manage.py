#!/usr/bin/env python
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, execute_from_command_line

from zentrum.local import surroundings


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zentrum.settings")
    try:
        with surroundings.settled(sys.argv[1:]):
            execute_from_command_line(sys.argv)
    except (CommandError, ImproperlyConfigured) as error:
        sys.exit(f"Error: {error}")


if __name__ == "__main__":
    main()

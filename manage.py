#!/usr/bin/env python
import os
import sys

from django.core.management import execute_from_command_line

from programme.private_files import keep_to_ourselves

if __name__ == "__main__":
    keep_to_ourselves()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "programme.settings")
    if "SECRET_KEY" not in os.environ:
        arguments = " ".join(sys.argv[1:])
        sys.exit(
            f"Settings come from the environment. Here: python -m programme.local exec -- python manage.py {arguments}"
        )
    execute_from_command_line(sys.argv)

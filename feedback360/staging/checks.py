"""A system check: is the folder of the rounds' keys usable, and closed to other users of the machine?"""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error


def check_keys_folder(**_kwargs: Any) -> list[CheckMessage]:
    folder = Path(settings.FEEDBACK_KEYS_DIR)
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not existing.is_dir() or not os.access(existing, os.R_OK | os.W_OK | os.X_OK):
        hint = f"{existing} must be a folder that this user can write to."
        return [Error(f"FEEDBACK_KEYS_DIR ({folder}) cannot be written to.", hint=hint, id="feedback360.E001")]
    if folder.exists() and folder.stat().st_mode & 0o077:
        message = f"FEEDBACK_KEYS_DIR ({folder}) is open to other users of this machine."
        return [Error(message, hint=f"chmod 700 {folder}", id="feedback360.E002")]
    return []

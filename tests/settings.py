"""The settings of the installation, with a few lines changed: the owner connects and plays the app's role."""

import os

from axe_playwright_python.base import AXE_FILE_PATH

from programme.settings import *  # noqa: F403
from programme.settings import ALLOWED_HOSTS, APP_ROLE, BASE_DIR, INSTALLED_APPS, STATICFILES_DIRS, STORAGES, env

# Before `programme`, so that `flush` after a transactional test is ours. See tests/management.
INSTALLED_APPS = ["tests", *INSTALLED_APPS]
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]

# Tests run with the rights of the app: SET ROLE right after connecting. The owner is there to make the database.
DATABASES = {"default": env.dj_db_url("DATABASE_OWNER_URL")}
DATABASES["default"].setdefault("OPTIONS", {})["assume_role"] = APP_ROLE
# Statements are bound on the server and prepared, as in web processes: some SQL works only when bound by the client.
# The workers that tests start, and the bench, do without, as real ones do.
if env.bool("TEST_PREPARED", True):
    DATABASES["default"]["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 3}
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True

DATA_DIR = BASE_DIR / ".data" / "tests" / env.str("TEST_FOLDER", str(os.getpid()))
FEEDBACK_KEYS_DIR = DATA_DIR / "feedback-keys"
STORAGES = {
    **STORAGES,
    "default": {**STORAGES["default"], "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATICFILES_DIRS = [*STATICFILES_DIRS, ("axe", AXE_FILE_PATH.parent)]  # type: ignore[list-item]
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
# The moment of the cast is months ago for a browser: without this it would ask for all twenty files again on each page.
WHITENOISE_MAX_AGE = 10 * 365 * 24 * 60 * 60
CATCH_MAIL, MAILBOX_URL = False, ""  # each test has a mail server of its own
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Messages of a test process go to a queue of its own; the workers it starts listen there.
CELERY_TASK_DEFAULT_QUEUE = env.str("TEST_QUEUE", f"test-{os.getpid()}")

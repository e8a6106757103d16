"""The site of `make test-api`: the installation's settings, a queue of its own, as many requests as are wanted."""

from programme.settings import *  # noqa: F403
from programme.settings import env

RATELIMIT_ENABLE = False
CELERY_TASK_DEFAULT_QUEUE = env.str("TEST_QUEUE")

"""Count guesses of codes exactly, however many arrive at once.

A session loses counts when two requests read it before either writes, and the cache may be emptied. So a guess is
counted in PostgreSQL by one statement, before it is checked: tries at once wait for each other at the row.
"""

from datetime import datetime, timedelta

from django.db import connection
from django.utils.crypto import salted_hmac

from cohorts.models import GuessCount

GUESSES_PER_CODE = 5
# An address gets six codes in five minutes; this holds when the cache that says so has been emptied. It is higher than
# what one code allows, or somebody who knows an address could use up the guesses of the person who has it.
GUESSES_PER_ADDRESS = 30
GUESSES_PER_FACTOR = 5
ADDRESS_PERIOD = timedelta(minutes=10)
FACTOR_PERIOD = timedelta(minutes=15)

COUNT = """
INSERT INTO cohorts_guesscount AS count (about, made, ends_at) VALUES (%(about)s, 1, %(ends_at)s)
ON CONFLICT (about) DO UPDATE SET
    made = CASE WHEN count.ends_at <= %(now)s THEN 1 ELSE count.made + 1 END,
    ends_at = CASE WHEN count.ends_at <= %(now)s THEN EXCLUDED.ends_at ELSE count.ends_at END
RETURNING made
"""


def count_guess(about: str, *, lasts: timedelta, now: datetime) -> int:
    """Count one guess and say which number it is, from 1; the counting begins anew after `lasts`.

    Call it before the code is looked at, outside a transaction: what is rolled back was not counted.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"about": about, "ends_at": now + lasts, "now": now})
        return int(cursor.fetchone()[0])


def may_guess_code(*, code_id: str, address: str, lasts: timedelta, now: datetime) -> bool:
    """Count a guess of a mailed code, and say whether it may be checked."""
    about_address = salted_hmac("cohorts.access.guesses", address.lower(), algorithm="sha256").hexdigest()
    of_code = count_guess(f"code:{code_id}", lasts=lasts, now=now)
    of_address = count_guess(f"address:{about_address}", lasts=ADDRESS_PERIOD, now=now)
    return of_code <= GUESSES_PER_CODE and of_address <= GUESSES_PER_ADDRESS


def may_guess_factor(*, person_id: int, now: datetime) -> bool:
    """Count a guess of an app's code or a recovery code, and say whether it may be checked."""
    return count_guess(f"factor:{person_id}", lasts=FACTOR_PERIOD, now=now) <= GUESSES_PER_FACTOR


def forget_factor_guesses(*, person_id: int) -> None:
    """After a right one, the next mistake is the first again."""
    GuessCount.objects.filter(about=f"factor:{person_id}").delete()


def forget_old_guesses(*, now: datetime) -> None:
    GuessCount.objects.filter(ends_at__lte=now).delete()

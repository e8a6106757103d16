"""Write a reflection, reword it on the same day, and choose who can read it."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.enrolment.current import date_at
from cohorts.models import Enrolment, Membership, Step
from cohorts.web.refusals import NotNow
from goals.models import Audience, Reflection
from goals.policies import ensure_may_keep

WORDS = ("tried", "happened", "learned", "next")


@transaction.atomic
def write_reflection(
    *,
    enrolment: Enrolment,
    step: Step | None,
    words: dict[str, str],
    audience: str,
    key: UUID,
    today: date,
    by: Membership,
    now: datetime,
) -> Reflection:
    """Keep the answers to the four questions. The same key arriving twice is the same reflection."""
    ensure_may_keep(by, enrolment)
    _ensure_reader(enrolment, audience)
    answers = {name: words.get(name, "") for name in WORDS}
    reflection, is_new = Reflection.objects.get_or_create(
        enrolment=enrolment,
        key=key,
        defaults={**answers, "step": step, "on": today, "audience": audience, "written_at": now},
    )
    if is_new and audience != Audience.PRIVATE:
        record(by=by, verb="shared reflection", thing=reflection, now=now, audience=audience)
    return reflection


def may_reword(reflection: Reflection, *, today: date) -> bool:
    """Whether it can be reworded: until the end of the day on which it was written."""
    return date_at(reflection.enrolment, reflection.written_at) == today


@transaction.atomic
def reword_reflection(*, reflection: Reflection, words: dict[str, str], today: date, by: Membership) -> Reflection:
    """Reword the answers on the day they were written."""
    ensure_may_keep(by, reflection.enrolment)
    if not may_reword(reflection, today=today):
        raise NotNow(_("A reflection can be changed on the day it was written. You can always write a new one."))
    for name in WORDS:
        setattr(reflection, name, words.get(name, ""))
    reflection.save(update_fields=WORDS)
    return reflection


@transaction.atomic
def change_audience(*, reflection: Reflection, audience: str, by: Membership, now: datetime) -> Reflection:
    """Open a reflection to the sponsor, or close it again. The trail says that, and never what it says."""
    ensure_may_keep(by, reflection.enrolment)
    _ensure_reader(reflection.enrolment, audience)
    if reflection.audience != audience:
        reflection.audience = audience
        reflection.save(update_fields=["audience"])
        verb = "made reflection private" if audience == Audience.PRIVATE else "shared reflection"
        record(by=by, verb=verb, thing=reflection, now=now, audience=audience)
    return reflection


def _ensure_reader(enrolment: Enrolment, audience: str) -> None:
    if audience == Audience.SPONSOR and enrolment.sponsor_id is None:
        raise NotNow(_("You have no sponsor just now, so there is nobody to share this with."))

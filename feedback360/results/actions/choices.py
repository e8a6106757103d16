"""Choose a strength to use and a behaviour to grow from a released report."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.curriculum.behaviours import Behaviour
from cohorts.enrolment.current import take_turns
from cohorts.models import Membership
from cohorts.web.bounds import ensure_choice
from cohorts.web.refusals import Invalid, NotNow
from feedback360.models import State, Subject
from feedback360.results.policies import ensure_may_choose

OPENED = (State.COLLECTING, State.CLOSED, State.RELEASED)


@transaction.atomic
def choose_behaviours(*, subject: Subject, strength: str, growth: str, by: Membership, now: datetime) -> Subject:
    """May be changed until the leader's next round opens, since that round looks at these behaviours first."""
    ensure_may_choose(by, subject)
    ensure_choices(strength, growth)
    take_turns(subject.enrolment)
    if is_settled(subject):
        raise NotNow(
            _("Your next round has opened and looks at what you chose before. You can choose again after that round.")
        )
    subject.strength, subject.growth = strength, growth
    subject.save(update_fields=["strength", "growth"])
    record(by=by, verb="chose behaviours", thing=subject, now=now)
    return subject


def ensure_choices(strength: str, growth: str) -> None:
    """Two different behaviours."""
    ensure_choice("strength", strength, Behaviour.values)
    ensure_choice("growth", growth, Behaviour.values)
    if strength == growth:
        raise Invalid("growth", _("Choose two different behaviours: one you are good at, and one to grow."))


def is_settled(subject: Subject) -> bool:
    """Whether a later round about this leader has opened."""
    later = Subject.objects.filter(enrolment=subject.enrolment_id, round__opens_at__gt=subject.round.opens_at)
    return later.filter(round__state__in=OPENED, round__purpose=subject.round.purpose, withdrawn_at=None).exists()

"""Say what a KPI is and how it is measured."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.models import Membership, Organisation
from cohorts.tenancy.wall import current_organisation_id
from cohorts.web.refusals import Invalid
from cohorts.web.revisions import lock, lock_revision, save_revision
from goals.figures.policies import ensure_may_define
from goals.figures.rules import ensure_kpi, ensure_method
from goals.models import Better, Figure, Kpi, KpiMethod


@dataclass(frozen=True, slots=True)
class KpiWords:
    """What a KPI is. `low` and `high` mean something for a band only."""

    name: str
    family: str
    unit: str
    better: str
    numerator: str
    denominator: str = ""
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class MethodWords:
    """How it is measured from a Monday on."""

    text: str
    from_on: date
    window_days: int | None = None
    same_issue: str = ""
    channels: str = ""
    source: str = ""


@transaction.atomic
def define_kpi(*, words: KpiWords, by: Membership, now: datetime) -> Kpi:
    """A new KPI. Teams can follow it once its method is written. Raises Invalid."""
    ensure_may_define(by)
    values = _values(words)
    _ensure_free(words.name, None)
    kpi = Kpi.objects.create(made_at=now, **values)
    record(by=by, verb="defined KPI", thing=kpi, now=now)
    return kpi


@transaction.atomic
def change_kpi(
    *, kpi: Kpi, words: KpiWords, by: Membership, now: datetime, expected_revision: int | None = None
) -> Kpi:
    """Other words for the same figures; unit and kind stay once there are any. Raises Stale and Invalid."""
    ensure_may_define(by)
    values = _values(words)
    _ensure_free(words.name, kpi)
    lock_revision(kpi, expected_revision, *values)
    if Figure.objects.filter(kpi=kpi).exists():
        for field in ("unit", "family"):
            if values[field] != getattr(kpi, field):
                raise Invalid(field, _("There are figures of it already. Another kind of figure is another KPI."))
    if any(getattr(kpi, name) != value for name, value in values.items()):
        save_revision(kpi, **values)
        record(by=by, verb="changed KPI", thing=kpi, now=now)
    return kpi


@transaction.atomic
def write_method(*, kpi: Kpi, method: MethodWords, by: Membership, now: datetime) -> KpiMethod:
    """How it is measured from a Monday on: the first method, or another one. Charts break their line there.

    Raises Invalid.
    """
    ensure_may_define(by)
    ensure_method(kpi=kpi, **asdict(method))
    lock(kpi)
    last = kpi.methods.order_by("number").last()
    if last is not None and method.from_on <= last.from_on:
        raise Invalid("from_on", _("This must be later than the method before it."))
    number = last.number + 1 if last else 1
    made = KpiMethod.objects.create(kpi=kpi, number=number, written_by=by, written_at=now, **asdict(method))
    record(by=by, verb="wrote method of KPI", thing=kpi, now=now, number=number)
    return made


@transaction.atomic
def archive_kpi(*, kpi: Kpi, today: date, by: Membership, now: datetime) -> None:
    """Take it off every page; figures stay. Idempotent."""
    _set_archived(kpi, today, "archived KPI", by, now)


@transaction.atomic
def return_kpi(*, kpi: Kpi, by: Membership, now: datetime) -> None:
    _set_archived(kpi, None, "returned KPI", by, now)


def _set_archived(kpi: Kpi, on: date | None, verb: str, by: Membership, now: datetime) -> None:
    ensure_may_define(by)
    lock(kpi)
    if (kpi.archived_on is None) != (on is None):
        save_revision(kpi, archived_on=on)
        record(by=by, verb=verb, thing=kpi, now=now)


def _values(words: KpiWords) -> dict[str, object]:
    values = asdict(words)
    if words.better != Better.BAND:
        values |= {"low": None, "high": None}
    ensure_kpi(**values)
    return values


def _ensure_free(name: str, kpi: Kpi | None) -> None:
    """One at a time names a KPI, so that two cannot take the same name."""
    Organisation.objects.select_for_update(no_key=True).get(pk=current_organisation_id())
    if Kpi.objects.filter(name__iexact=name).exclude(pk=kpi.pk if kpi else None).exists():
        raise Invalid("name", _("Another KPI has this name."))

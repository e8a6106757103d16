"""Import a long list in a worker, or undo that: all or nothing, with progress, started again if the worker dies.

Either is one transaction, as for a short list: nobody sees half of it, invitations go out after it commits, and a
worker that dies leaves nothing behind. Progress and the lease are written over a second connection and committed at
once; the same statement finds out whether somebody cancelled.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from cohorts.imports.uploads import PlanChanged, ensure_waiting
from cohorts.models import ImportRun, Intake, Membership, Organisation
from cohorts.models.intake import ImportRunQuerySet
from cohorts.people.actions.intakes import (
    ImportContext,
    NoMoreAdmin,
    ensure_may_import,
    import_planned,
    undo_held,
)
from cohorts.people.actions.plans import plan_upload
from cohorts.people.actions.progress import Progress
from cohorts.people.actions.undoing import why_not_undone
from cohorts.tenancy.wall import Across, across_organisations, within
from cohorts.web.refusals import NotNow

IN_A_WORKER_ABOVE_ROWS = 5_000
LEASE = timedelta(minutes=2)  # renewed with every batch; reading and planning the longest list takes some seconds
LOST_AFTER = timedelta(minutes=1)
MAX_ATTEMPTS = 3
TASK = "programme.tasks.import_people"

REPORT_PROGRESS = """
UPDATE cohorts_importrun SET done = %s, people = %s, total = %s, lease_until = %s
WHERE organisation_id = %s AND id = %s AND attempts = %s AND state = 'working'
"""

logger = structlog.get_logger(__name__)


class NotOurs(Exception):
    """Somebody cancelled the import, or another worker has taken it over."""


@transaction.atomic
def begin_import(*, intake: Intake, fingerprint: str, by: Membership, now: datetime) -> ImportRun:
    """Queue what the preview showed for a worker; `hand_out` sends it. Returns the run under way, if there is one.

    Raises NotNow if the list was discarded or has been imported.
    """
    intake = Intake.objects.select_for_update(of=("self",)).get(pk=intake.pk)
    if intake.is_running:
        return intake.runs.open().get()
    ensure_waiting(intake)
    intake.is_running = True
    intake.save(update_fields=["is_running"])
    return ImportRun.objects.create(intake=intake, by=by, fingerprint=fingerprint[:64], asked_at=now)


def is_undone_in_a_worker(intake: Intake) -> bool:
    """Whether a request would take too long to undo it."""
    return bool(intake.counts.get("rows", 0) > IN_A_WORKER_ABOVE_ROWS)


@transaction.atomic
def begin_undo(*, intake: Intake, by: Membership, now: datetime, today: date) -> ImportRun | None:
    """Queue the undo of an import for a worker; `hand_out` sends it. None if there is nothing to undo any more.

    Returns the run under way, if there is one. Raises NotNow where `undo_import` would.
    """
    intake = Intake.objects.select_for_update(of=("self",)).defer("made").get(pk=intake.pk)
    if not intake.stands:
        return None
    if intake.is_running:
        return intake.runs.open().get()
    if why_not := why_not_undone([intake.pk], today=today).get(intake.pk):
        raise NotNow(why_not)
    intake.is_running = True
    intake.save(update_fields=["is_running"])
    return ImportRun.objects.create(intake=intake, by=by, is_undo=True, asked_at=now)


@transaction.atomic
def cancel_import(*, run: ImportRun) -> None:
    """Stop an import, or the undo of one: everything is as it was before. Idempotent.

    Raises NotNow if it has already happened.
    """
    if ImportRun.objects.open().filter(pk=run.pk).update(state=ImportRun.State.CANCELLED, lease_until=None):
        _let_go(run.intake_id)
    elif ImportRun.objects.filter(pk=run.pk, state=ImportRun.State.DONE).exists():
        if run.is_undo:
            raise NotNow(_("The import has already been taken back. You can import the list again."))
        raise NotNow(_("This list has already been imported. You can undo the import."))


def hand_out(run: ImportRun) -> None:
    """Send a run to a worker after commit. A lost message is noticed by the progress page and by the sweep."""
    arguments = [run.organisation_id, run.pk]
    transaction.on_commit(lambda: import_string(settings.SEND_TASK)(TASK, arguments), robust=True)


def is_lost(run: ImportRun, now: datetime) -> bool:
    """Whether no worker has the run any more: its message was lost, or its worker died."""
    if run.state == ImportRun.State.WAITING:
        return now - run.asked_at > LOST_AFTER
    return run.state == ImportRun.State.WORKING and run.lease_until is not None and run.lease_until < now


def lost_imports(*, now: datetime) -> list[tuple[int, int]]:
    """(organisation id, run id) of every import that no worker has; one index probe if there are none."""
    with across_organisations(Across.PLANNER):
        unheard = Q(state=ImportRun.State.WAITING, asked_at__lt=now - LOST_AFTER)
        died = Q(state=ImportRun.State.WORKING, lease_until__lt=now)
        return list(ImportRun.objects.open().filter(unheard | died).values_list("organisation_id", "pk"))


def carry_out(organisation: Organisation, run_id: int, *, now: Callable[[], datetime]) -> None:
    """Import or undo one list. A call while another worker has it does nothing; one after a worker died starts over.

    Failures end up in the state of the run or, unexpected ones, in the log; nothing is raised for them.
    """
    with within(organisation):
        attempt = _claim(run_id, now())
    if attempt is None:
        return
    try:
        with within(organisation):
            _plan(organisation, run_id)
        with _saying(organisation.pk, run_id, attempt, now) as say, within(organisation):
            _carry_out(organisation, run_id, attempt, now(), say)
    except NotOurs:
        logger.info("import stopped", organisation_id=organisation.pk, run_id=run_id)
    except PlanChanged:
        _end(organisation, run_id, attempt, ImportRun.State.CHANGED)
    except NoMoreAdmin:
        _end(organisation, run_id, attempt, ImportRun.State.NO_ADMIN)
    except NotNow:
        _end(organisation, run_id, attempt, ImportRun.State.REFUSED)
    except Exception as problem:
        # Neither message nor traceback: they could quote a name.
        kind = type(problem).__name__
        logger.error("import failed", organisation_id=organisation.pk, run_id=run_id, kind=kind)  # noqa: TRY400
        with within(organisation):
            _ours(run_id, attempt).update(lease_until=now())  # the sweep lets it be tried again


def _claim(run_id: int, now: datetime) -> int | None:
    """The number of this attempt; None if another worker has the run, or it has ended."""
    free = Q(state=ImportRun.State.WAITING) | Q(state=ImportRun.State.WORKING, lease_until__lte=now)
    mine = ImportRun.objects.filter(free, pk=run_id)
    if mine.filter(attempts__gte=MAX_ATTEMPTS).update(state=ImportRun.State.FAILED, lease_until=None):
        _let_go(ImportRun.objects.values_list("intake_id", flat=True).get(pk=run_id))
        return None
    values = {"state": ImportRun.State.WORKING, "attempts": F("attempts") + 1, "lease_until": now + LEASE, "done": 0}
    if not mine.update(**values):
        return None
    return ImportRun.objects.values_list("attempts", flat=True).get(pk=run_id)


def _plan(organisation: Organisation, run_id: int) -> None:
    """In a transaction of its own, if it has to be planned again: a worker that dies later leaves the plan behind."""
    run = ImportRun.objects.select_related("intake__cohort").defer("intake__made").get(pk=run_id)
    if not run.is_undo:
        plan_upload(run.intake, organisation=organisation, in_any_language=True)


def _carry_out(organisation: Organisation, run_id: int, attempt: int, now: datetime, say: Progress) -> None:
    run = ImportRun.objects.select_related("by", "intake__cohort").get(pk=run_id)
    local_now = organisation.now(now)
    today = local_now.astimezone(run.by.zone).date()

    def settle() -> None:
        """Called late, so that somebody who cancels does not wait for this row while people are written."""
        ensure_may_import(run.by)
        if not _ours(run_id, attempt).update(state=ImportRun.State.DONE, done=F("total"), lease_until=None):
            raise NotOurs

    if run.is_undo:
        undo_held(intake=run.intake, by=run.by, now=local_now, today=today, say=say, settle=settle)
    else:
        at = ImportContext(organisation, run.intake.cohort, run.by, today, local_now)
        import_planned(intake=run.intake, fingerprint=run.fingerprint, at=at, say=say, settle=settle)


def _end(organisation: Organisation, run_id: int, attempt: int, state: str) -> None:
    with within(organisation):
        if _ours(run_id, attempt).update(state=state, lease_until=None):
            _let_go(ImportRun.objects.values_list("intake_id", flat=True).get(pk=run_id))


def _ours(run_id: int, attempt: int) -> ImportRunQuerySet:
    """The run, unless somebody cancelled it or another worker has taken it over."""
    return ImportRun.objects.filter(pk=run_id, attempts=attempt, state=ImportRun.State.WORKING)


def _let_go(intake_id: int) -> None:
    Intake.objects.filter(pk=intake_id).update(is_running=False)


@contextmanager
def _saying(organisation_id: int, run_id: int, attempt: int, now: Callable[[], datetime]) -> Iterator[Progress]:
    """A function that commits progress over a connection of its own. It raises NotOurs if the import should stop."""
    aside = connection.copy()

    def say(done: int, *, people: int, total: int) -> None:
        aside.ensure_connection()
        with aside.connection.transaction(), aside.cursor() as cursor:
            cursor.execute("SELECT set_config('app.organisation', %s, true)", [str(organisation_id)])
            cursor.execute(REPORT_PROGRESS, [done, people, total, now() + LEASE, organisation_id, run_id, attempt])
            if cursor.rowcount != 1:
                raise NotOurs

    try:
        yield say
    finally:
        aside.close()

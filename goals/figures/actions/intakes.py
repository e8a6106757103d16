"""Upload, preview, confirm and undo a list of figures. Nothing changes before confirmation."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from cohorts.audit import record
from cohorts.imports.chosen import Chosen
from cohorts.imports.columns import missing
from cohorts.imports.file import ListKind, OpenTable, open_table
from cohorts.imports.rereading import read_again, read_first, set_reading, shape_of
from cohorts.imports.uploads import UNDO_FOR, ensure_as_shown, finish, is_confirmed, stored_name
from cohorts.models import Membership
from cohorts.people.imports.values import spelled
from cohorts.web.bounds import ensure_choice
from cohorts.web.refusals import NotNow
from goals.figures.imports.cells import Order
from goals.figures.imports.file import KnownKpi, Names, figures_list, kept_text, row_reader
from goals.figures.imports.staging import Staged, Summary, carry_out, not_followed, stage, summary, take_back
from goals.figures.policies import ensure_may_import
from goals.models import FigureIntake, Followed, Kpi, StagedFigure, Team


@transaction.atomic
def upload_figures(
    *, file: BinaryIO, file_name: str, kpi: Kpi | None, order: str, by: Membership, today: date, now: datetime
) -> FigureIntake:
    """Read a list and keep its rows for preview, replacing an unconfirmed upload. Raises UnreadableFile.

    The rows are read while they are stored: a long list takes no more memory than a short one.
    """
    ensure_may_import(by)
    ensure_choice("order", order, list(Order))
    name, kind = stored_name(file_name), list_kind(by, kpi)
    table, is_remembered = read_first(lambda how: open_table(file, name, kind, how), FigureIntake.objects.all(), kind)
    FigureIntake.objects.filter(uploaded_by=by).discard()
    intake = FigureIntake(uploaded_by=by, file_name=name, kpi=kpi, order=order, created_at=now)
    intake.shape, intake.source = shape_of(table.about), _bytes(file)
    intake.save()
    intake = FigureIntake.objects.defer("source").select_related("kpi").get(pk=intake.pk)
    _stage(intake, table, kind, by=by, today=today)
    set_reading(intake, table, is_remembered=is_remembered)
    intake.save(update_fields=["counts", "choices"])
    return intake


@transaction.atomic
def choose_figure_columns(*, intake: FigureIntake, chosen: Chosen, by: Membership, today: date) -> FigureIntake:
    """Read the file again with other columns. Raises Invalid and UnreadableFile as `read_again` does."""
    ensure_may_import(by)
    waiting = FigureIntake.objects.select_for_update(of=("self",)).select_related("kpi")
    intake = waiting.get(pk=intake.pk)
    file, name, kind = io.BytesIO(intake.source), intake.file_name, list_kind(by, intake.kpi)
    table = read_again(lambda how: open_table(file, name, kind, how), intake, chosen, kind)
    intake.staged.all().delete()
    _stage(intake, table, kind, by=by, today=today)
    set_reading(intake, table, chosen)
    intake.save(update_fields=["counts", "choices", "shape"])
    return intake


def list_kind(by: Membership, kpi: Kpi | None) -> ListKind:
    """The columns a list needs from this member. `kpi` is that of the whole file."""
    is_team_known = not by.is_admin and Team.objects.filter(leader=by).exists()
    return figures_list(is_kpi_chosen=kpi is not None, is_team_known=is_team_known)


def plan_figures(intake: FigureIntake, *, by: Membership) -> Summary:
    """What this upload would change now."""
    return summary(intake, leader=only_leader(by))


@transaction.atomic
def confirm_figures(*, intake: FigureIntake, fingerprint: str, by: Membership, now: datetime) -> FigureIntake:
    """Carry out the plan in one transaction. Idempotent. Teams follow the KPIs they get figures of.

    Raises PlanChanged if something changed since the preview, so that people see the new plan first.
    """
    ensure_may_import(by)
    _hold(intake)
    if is_confirmed(intake):
        return intake
    plan = plan_figures(intake, by=by)
    ensure_as_shown(plan.fingerprint, fingerprint)
    pairs = not_followed(intake, leader=only_leader(by))
    followed = Followed.objects.bulk_create(Followed(team_id=team, kpi_id=kpi) for team, kpi in pairs)
    carry_out(intake, plan, leader=only_leader(by), now=now)
    intake.confirmed_at = now
    finish(intake, counts=plan.counts)
    intake.followed = [each.pk for each in followed]
    intake.save(update_fields=["followed"])
    record(by=by, verb="imported figures", thing=intake, now=now, **plan.counts)
    return intake


@transaction.atomic
def undo_figures(*, intake: FigureIntake, by: Membership, now: datetime) -> tuple[int, int]:
    """Take an import back within a day, where nothing newer came. Returns how many figures went and how many stayed."""
    ensure_may_import(by)
    _hold(intake)
    if intake.state != FigureIntake.State.CONFIRMED or not intake.staged.exists():
        return 0, 0
    if intake.confirmed_at is None or now - intake.confirmed_at > UNDO_FOR:
        raise NotNow(_("It is too late to take this back."))
    count = intake.staged.count()
    gone = take_back(intake)
    unused = Followed.objects.filter(pk__in=intake.followed, revision=1, stopped_on=None, target=None)
    unused = unused.filter(rebases=None, notes=None)
    for followed in unused.select_related("team"):
        if not followed.team.figures.filter(kpi=followed.kpi_id).exists():
            followed.delete()
    intake.staged.all().delete()
    record(by=by, verb="took imported figures back", thing=intake, now=now, gone=gone, stayed=count - gone)
    return gone, count - gone


def forget_undoing(*, now: datetime) -> None:
    """Drop what Undo needs of imports it comes too late for, in the open organisation."""
    StagedFigure.objects.filter(intake__confirmed_at__lt=now - UNDO_FOR).delete()


def known_names(by: Membership, kpi: Kpi | None) -> Names:
    """The teams somebody may import figures of, and the KPIs in use. `kpi` is that of the whole file."""
    teams = list(Team.objects.values_list("name", "pk", "leader_id"))
    mine = {name: pk for name, pk, leader in teams if by.is_admin or leader == by.pk}
    kpis = [*Kpi.objects.filter(archived_on=None).values_list("name", "pk", "unit")]
    return Names(
        teams={spelled(name): pk for name, pk in mine.items()},
        others=frozenset(spelled(name) for name, _pk, _leader in teams if name not in mine),
        kpis={spelled(name): KnownKpi(pk, unit) for name, pk, unit in kpis},
        shown={spelled(name): name for name in [*mine, *(name for name, _pk, _unit in kpis)]},
        team=None if by.is_admin else next(iter(mine.values()), None),
        kpi=KnownKpi(kpi.pk, kpi.unit) if kpi is not None else None,
    )


def only_leader(by: Membership) -> int | None:
    """Whose team alone the figures may be of; admins import those of every team."""
    return None if by.is_admin else by.pk


def _bytes(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()


def _stage(intake: FigureIntake, table: OpenTable, kind: ListKind, *, by: Membership, today: date) -> None:
    """Store the rows; none of a list that lacks a column, which has to be chosen first."""
    if not missing(table.columns, kind):
        stage(intake, _read(table.rows, known_names(by, intake.kpi), Order(intake.order), today))


def _read(rows: Iterator[tuple[int, dict[str, str]]], names: Names, order: Order, today: date) -> Iterator[Staged]:
    read = row_reader(names, order=order, today=today, suggests=False)
    for number, said in rows:
        row = read(said)
        yield number, row, kept_text(said) if row.problems else None


def _hold(intake: FigureIntake) -> None:
    """Hold the upload and its teams until the transaction ends: entering a figure of these teams waits."""
    intake.refresh_from_db(from_queryset=FigureIntake.objects.select_for_update(no_key=True).defer("source"))
    teams = intake.staged.exclude(team_number=None).values("team_number").distinct()
    list(Team.objects.select_for_update(no_key=True).filter(pk__in=teams).order_by("pk").values_list("pk"))

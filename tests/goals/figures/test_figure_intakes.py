"""Figures out of a list: what each row does, confirmed as it was shown, and taken back."""

import io
import tracemalloc
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.apps import apps

from cohorts.imports.columns import sentences_about_missing
from cohorts.imports.file import UnreadableFile
from cohorts.imports.rereading import about_of
from cohorts.imports.uploads import PlanChanged, discard, forget_old
from cohorts.models import AuditEntry
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow, NotYours
from goals.figures.actions.intakes import (
    confirm_figures,
    forget_undoing,
    list_kind,
    plan_figures,
    undo_figures,
    upload_figures,
)
from goals.figures.imports.file import MAX_ROWS
from goals.figures.views.intakes import Lines
from goals.models import Figure, FigureIntake, Followed, StagedFigure
from tests import factories as make
from tests.times import NOW, TODAY

pytestmark = pytest.mark.django_db
HEADER = "Dato;Team;Måltall;Teller;Nevner"
YESTERDAY = TODAY - timedelta(days=1)


class Scene:
    """Two teams and their leaders, an admin, and three KPIs."""

    def __init__(self, cast):
        self.admin = cast.hana
        self.leader = make.MembershipFactory()
        self.team = make.TeamFactory(leader=self.leader, name="Team Nord")
        self.other = make.TeamFactory(leader=make.MembershipFactory(), name="Team Sør")
        self.solved = make.KpiFactory(name="Solved at once", unit="share", family="other")
        self.handling = make.KpiFactory(name="Handling time", unit="seconds", family="other")
        self.sold = make.KpiFactory(name="Sold", unit="count", family="other")

    def upload(self, *rows, by=None, header=HEADER, name="figures.csv", kpi=None, order="", data=None):
        data = data if data is not None else "\n".join([header, *rows]).encode()
        return upload_figures(
            file=io.BytesIO(data), file_name=name, kpi=kpi, order=order, by=by or self.admin, today=TODAY, now=NOW
        )

    def confirm(self, intake, by=None, now=NOW):
        by = by or self.admin
        return confirm_figures(intake=intake, fingerprint=plan_figures(intake, by=by).fingerprint, by=by, now=now)

    def lines(self, intake, rf, by=None):
        request = rf.get("/")
        request.membership, request.today = by or self.admin, TODAY
        lines = Lines(request, intake, plan_figures(intake, by=request.membership))
        return lines[0:100]

    def problems(self, intake, rf, by=None):
        return {line.number: line.problems for line in self.lines(intake, rf, by) if line.problems}


@pytest.fixture
def scene(cast, acme):
    with within(acme):
        yield Scene(cast)


def numbers(**where):
    return list(Figure.objects.filter(**where).order_by("on").values_list("numerator", "denominator"))


def test_each_row_adds_a_figure_and_its_team_follows_the_kpi(scene):
    intake = scene.upload(
        f"{YESTERDAY};team nord;Solved at once;34;40", f"{YESTERDAY:%d.%m.%Y};Team Sør;Handling time;12 000,5;40"
    )
    assert not Figure.objects.filter(team=scene.team).exists()

    scene.confirm(intake)

    assert numbers(team=scene.team) == [(34, 40)]
    assert numbers(team=scene.other) == [(Decimal("12000.5"), 40)]
    figure = Figure.objects.get(team=scene.team)
    assert (figure.kpi, figure.on, figure.entry, figure.at) == (scene.solved, YESTERDAY, "file", NOW)
    assert set(Followed.objects.filter(team__in=[scene.team, scene.other]).values_list("team", "kpi")) == {
        (scene.team.pk, scene.solved.pk),
        (scene.other.pk, scene.handling.pk),
    }


PROBLEMS = {
    "a percentage": ("{day};Team Nord;Solved at once;85 %;100", "Teller", "This is a percentage"),
    "a percentage as a number": ("{day};Team Nord;Solved at once;85;1", "Teller", "A share is at most 100 %"),
    "a share worked out": ("{day};Team Nord;Solved at once;0,85;1", "Teller", "Enter counts here, not a percentage"),
    "more than all": ("{day};Team Nord;Solved at once;41;40", "Teller", "more than there were in all"),
    "negative": ("{day};Team Nord;Handling time;-5;40", "Teller", "This cannot be below 0"),
    "no denominator": ("{day};Team Nord;Handling time;300;", "Nevner", "The denominator is missing"),
    "two numbers": ("{day};Team Nord;Handling time;1.234;40", "Teller", "can be two numbers"),
    "too large": (
        "{day};Team Nord;Handling time;1000000000000;40",
        "Teller",
        "no more than 12 digits",
    ),
    "future": ("2026-03-12;Team Nord;Solved at once;34;40", "Dato", "That day has not come yet"),
    "before 2000": ("1999-12-31;Team Nord;Solved at once;34;40", "Dato", "before the year 2000"),
    "two days": ("03/04/2025;Team Nord;Solved at once;34;40", "Dato", "can be two days"),
    "no date": (";Team Nord;Solved at once;34;40", "Dato", "The date is missing"),
    "unknown team": (
        "{day};Team Nrd;Solved at once;34;40",
        "Team",
        "Team Nrd. Did you mean Team Nord",
    ),
    "unknown kpi": ("{day};Team Nord;Solvd at once;34;40", "Måltall", "Did you mean Solved at once?"),
    "nothing like it": ("{day};Team Nord;Zzz;34;40", "Måltall", "No KPI is called Zzz."),
    "a split number": ("{day};Team Nord;Handling time;12;5;20", "Teller", "A decimal comma may have split a number"),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_row_with_a_problem_is_left_out_with_a_sentence(scene, rf, name):
    row, column, sentence = PROBLEMS[name]
    intake = scene.upload(row.format(day=YESTERDAY), f"{YESTERDAY};Team Sør;Sold;12;")

    ((found, said),) = scene.problems(intake, rf)[2]
    assert (found, sentence in said) == (column, True), said

    scene.confirm(intake)
    assert not Figure.objects.filter(team=scene.team).exists()
    assert numbers(team=scene.other) == [(12, 1)]


def test_a_day_on_which_nothing_was_counted_has_no_value(scene, rf):
    intake = scene.upload(f"{YESTERDAY};Team Nord;Solved at once;0;0")

    (line,) = scene.lines(intake, rf)
    assert line.notes == ("No value: nothing was counted on this day.",)
    assert plan_figures(intake, by=scene.admin).without_value == 1

    scene.confirm(intake)
    assert numbers(team=scene.team) == [(0, 0)]


def test_rows_for_the_same_day_are_left_out_and_name_each_other(scene, rf):
    row = f"{YESTERDAY};Team Nord;Solved at once;"
    intake = scene.upload(row + "34;40", f"{YESTERDAY};Team Sør;Solved at once;1;2", row + "35;40", row + "36;40")

    assert {number: said for number, ((_column, said),) in scene.problems(intake, rf).items()} == {
        2: "Rows 2 and 4 are for the same day, team and KPI.",
        4: "Rows 4 and 5 are for the same day, team and KPI.",
        5: "Rows 2 and 5 are for the same day, team and KPI.",
    }
    scene.confirm(intake)
    assert not Figure.objects.filter(team=scene.team).exists()


def test_a_figure_that_is_there_is_replaced_as_shown_and_audited(scene, rf):
    make.FigureFactory(team=scene.team, kpi=scene.solved, on=YESTERDAY, numerator=30, denominator=40, asked=90)
    make.FigureFactory(team=scene.other, kpi=scene.solved, on=YESTERDAY, numerator=5, denominator=8)
    intake = scene.upload(f"{YESTERDAY};Team Nord;Solved at once;34;40", f"{YESTERDAY};Team Sør;Solved at once;5;8")

    replaces, same = scene.lines(intake, rf)
    assert (replaces.happens, replaces.notes) == ("Replaces a figure", ("Was 30 / 40, becomes 34 / 40.",))
    assert same.happens == "Nothing changes"

    scene.confirm(intake)
    assert numbers(team=scene.team) == [(34, 40)]
    assert Figure.objects.get(team=scene.team).asked == 90  # the file does not say how many were asked
    assert Figure.objects.get(team=scene.other).entry == "hand"
    entry = AuditEntry.objects.get(verb="imported figures")
    assert (entry.thing_id, entry.details) == (intake.pk, {"replaced": 1, "unchanged": 1})


def test_a_leader_imports_figures_of_their_own_team_alone(scene, rf):
    intake = scene.upload(
        f"{YESTERDAY};Team Sør;Solved at once;34;40", f"{YESTERDAY};;Solved at once;30;40", by=scene.leader
    )

    ((_column, sentence),) = scene.problems(intake, rf, by=scene.leader)[2]
    assert sentence == "This is another leader's team. You can import figures of your own team."
    scene.confirm(intake, by=scene.leader)
    assert (numbers(team=scene.team), numbers(team=scene.other)) == ([(30, 40)], [])


def test_a_leader_needs_no_column_for_the_team(scene):
    intake = scene.upload(f"{YESTERDAY},34,40", header="Date,Count,Total", by=scene.leader, kpi=scene.solved)

    scene.confirm(intake, by=scene.leader)

    assert numbers(team=scene.team, kpi=scene.solved) == [(34, 40)]


def test_a_team_that_changed_hands_is_no_longer_imported_to(scene):
    intake = scene.upload(f"{YESTERDAY};Team Nord;Solved at once;34;40", by=scene.leader)
    shown = plan_figures(intake, by=scene.leader).fingerprint
    scene.team.leader = make.MembershipFactory()
    scene.team.save()
    make.TeamFactory(leader=scene.leader)

    with pytest.raises(PlanChanged):
        confirm_figures(intake=intake, fingerprint=shown, by=scene.leader, now=NOW)

    scene.confirm(intake, by=scene.leader)
    assert not Figure.objects.filter(team=scene.team).exists()


def test_somebody_without_a_team_imports_nothing(scene):
    with pytest.raises(NotYours):
        scene.upload(f"{YESTERDAY};Team Nord;Solved at once;34;40", by=make.MembershipFactory())


def test_what_would_do_something_else_by_now_is_shown_again(scene):
    intake = scene.upload(f"{YESTERDAY};Team Nord;Solved at once;34;40")
    shown = plan_figures(intake, by=scene.admin).fingerprint
    make.FigureFactory(team=scene.team, kpi=scene.solved, on=YESTERDAY, numerator=30, denominator=40)

    with pytest.raises(PlanChanged):
        confirm_figures(intake=intake, fingerprint=shown, by=scene.admin, now=NOW)
    assert numbers(team=scene.team) == [(30, 40)]


def test_another_old_number_is_another_plan(scene):
    figure = make.FigureFactory(team=scene.team, kpi=scene.solved, on=YESTERDAY, numerator=30, denominator=40)
    intake = scene.upload(f"{YESTERDAY};Team Nord;Solved at once;34;40")
    shown = plan_figures(intake, by=scene.admin).fingerprint
    figure.numerator = 31
    figure.save()

    with pytest.raises(PlanChanged):
        confirm_figures(intake=intake, fingerprint=shown, by=scene.admin, now=NOW)


def test_confirming_twice_imports_once(scene):
    intake = scene.upload(f"{YESTERDAY};Team Nord;Solved at once;34;40")
    shown = plan_figures(intake, by=scene.admin).fingerprint

    for _time in range(2):
        confirm_figures(intake=intake, fingerprint=shown, by=scene.admin, now=NOW)

    assert numbers(team=scene.team) == [(34, 40)]
    assert AuditEntry.objects.filter(verb="imported figures").count() == 1


def test_undo_takes_back_what_nobody_has_changed_since(scene):
    make.FigureFactory(team=scene.team, kpi=scene.solved, on=YESTERDAY, numerator=30, denominator=40, asked=90)
    days = [YESTERDAY - timedelta(days=ago) for ago in range(3)]
    intake = scene.upload(*(f"{on};Team Nord;Solved at once;34;40" for on in days))
    scene.confirm(intake)
    Figure.objects.filter(team=scene.team, on=days[1]).update(numerator=35, at=NOW + timedelta(hours=1))

    assert undo_figures(intake=intake, by=scene.admin, now=NOW + timedelta(hours=2)) == (2, 1)

    assert numbers(team=scene.team) == [(35, 40), (30, 40)]
    back = Figure.objects.get(team=scene.team, on=YESTERDAY)
    assert (back.entry, back.asked) == ("hand", 90)
    assert Followed.objects.filter(team=scene.team).exists()  # a figure of it is there
    assert undo_figures(intake=intake, by=scene.admin, now=NOW + timedelta(hours=2)) == (0, 0)


def test_undo_takes_the_new_charts_off_the_teams_page(scene):
    intake = scene.upload(f"{YESTERDAY};Team Nord;Solved at once;34;40")
    scene.confirm(intake)

    undo_figures(intake=intake, by=scene.admin, now=NOW)

    assert not Followed.objects.filter(team=scene.team).exists()


def test_undo_is_refused_after_a_day(scene):
    intake = scene.upload(f"{YESTERDAY};Team Nord;Solved at once;34;40")
    scene.confirm(intake)

    with pytest.raises(NotNow):
        undo_figures(intake=intake, by=scene.admin, now=NOW + timedelta(hours=25))

    forget_undoing(now=NOW + timedelta(hours=23))
    assert StagedFigure.objects.filter(intake=intake).exists()
    forget_undoing(now=NOW + timedelta(hours=25))
    assert not StagedFigure.objects.filter(intake=intake).exists()


def test_rows_go_with_discarding_with_another_upload_and_after_a_week(scene):
    row = f"{YESTERDAY};Team Nord;Solved at once;34;40"
    first, second = scene.upload(row), scene.upload(row)
    assert list(FigureIntake.objects.filter(uploaded_by=scene.admin, state="previewed")) == [second]
    assert not first.staged.exists()

    discard(second)
    assert not second.staged.exists()
    with pytest.raises(NotNow):
        scene.confirm(second)

    third = scene.upload(row)
    assert forget_old(FigureIntake, now=NOW + timedelta(days=6)) == 0
    forget_old(FigureIntake, now=NOW + timedelta(days=8))
    assert not third.staged.exists()


NO_LIST = {
    "percentages only": ("Date;Team;KPI;Percent", "No columns for numerator and denominator among: Date, Team, KPI"),
    "no date": ("Team;KPI;Numerator;Denominator", "No column for the date among"),
    "no team": ("Date;KPI;Numerator;Denominator", "No column for the team among"),
    "no kpi": ("Date;Team;Numerator;Denominator", "choose one KPI for the file"),
}


@pytest.mark.parametrize("name", NO_LIST)
def test_a_file_without_a_column_it_needs_waits_for_it_to_be_chosen(scene, name):
    header, sentence = NO_LIST[name]

    intake = scene.upload("2026-03-10;x;y;z", header=header)

    kind = list_kind(scene.admin, None)
    (said,) = sentences_about_missing(intake.counts["columns"], about_of(intake), kind)  # the others are recognised
    assert sentence in said
    assert not intake.staged.exists()
    with pytest.raises(UnreadableFile, match="No column for the date among: Day of it"):
        scene.upload("2026-03-10", header="Day of it")


def test_more_rows_than_a_list_may_have_are_refused_with_nothing_kept(scene):
    row = f"{YESTERDAY};Team Nord;Sold;1;\n"
    data = (HEADER + "\n" + row * (MAX_ROWS + 20)).encode()

    with pytest.raises(UnreadableFile, match="200,000 rows"):
        scene.upload(data=data)
    assert not StagedFigure.objects.filter(intake__uploaded_by=scene.admin).exists()


def test_dates_and_numbers_of_a_workbook_are_read_as_they_are(scene):
    book = openpyxl.Workbook()
    book.active.append(["Date", "Team", "KPI", "Numerator", "Denominator"])
    book.active.append([YESTERDAY, "Team Nord", "Handling time", 1.234, 40])
    packed = io.BytesIO()
    book.save(packed)

    scene.confirm(scene.upload(data=packed.getvalue(), name="figures.xlsx"))

    assert numbers(team=scene.team) == [(Decimal("1.234"), 40)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_list_is_read_in_the_encodings_of_spreadsheets(scene, encoding):
    text = f"Rapport\n{HEADER}\n{YESTERDAY};Team Sør;Solved at once;\u00a034;40\n"

    scene.confirm(scene.upload(data=text.encode(encoding)))

    assert numbers(team=scene.other) == [(34, 40)]


def test_years_of_figures_come_in_by_few_statements_and_signal_nothing(scene, count_queries):
    """The past is history: no mail, reminder or card is made for it."""

    def load(days):
        rows = (f"{TODAY - timedelta(days=ago)};Team Nord;Sold;{ago};" for ago in range(1, days + 1))
        return lambda: scene.confirm(scene.upload(*rows))

    before = {model: model._base_manager.count() for model in apps.get_models() if "mail" in model.__name__.lower()}
    load(1)()  # from here on the team follows the KPI
    few = len(count_queries(load(30)))
    many = len(count_queries(load(1_900)))

    assert many == few
    assert Figure.objects.filter(team=scene.team, kpi=scene.sold).count() == 1_900
    assert before == {model: model._base_manager.count() for model in before}


def test_a_long_list_takes_no_more_memory_than_a_short_one(scene):
    def peak(rows):
        days = ((TODAY - timedelta(days=1 + number % 3000), number // 3000) for number in range(rows))
        kpis = [make.KpiFactory(name=f"KPI {rows} {number}", unit="count") for number in range(rows // 3000 + 1)]
        data = "\n".join([HEADER, *(f"{on};Team Nord;{kpis[at].name};{at};" for on, at in days)]).encode()
        file = io.BytesIO(data)
        tracemalloc.start()
        upload_figures(file=file, file_name="a.csv", kpi=None, order="", by=scene.admin, today=TODAY, now=NOW)
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    short, long = peak(6_000), peak(36_000)
    assert long < 1.3 * short

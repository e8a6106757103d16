"""Forms of KPIs and figures, for the table in `refused.py`."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cohorts.web.refusals import Invalid
from goals.figures.actions.annotating import note_week, rebase
from goals.figures.actions.entering import Counted, enter_day
from goals.figures.actions.following import change_aim, follow
from goals.figures.actions.intakes import upload_figures
from goals.figures.actions.kpis import KpiWords, MethodWords, define_kpi, write_method
from goals.figures.forms.day import DayForm
from goals.figures.forms.following import AimForm, FollowForm, RebaseForm, WeekNoteForm
from goals.figures.forms.intakes import FigureUploadForm
from goals.figures.forms.kpi import KpiForm, MethodForm
from goals.models import Followed, Kpi, Team
from tests import factories as make
from tests.architecture.refused import Refused, Scene, Values, day
from tests.goals.figures.floor import enter_weeks, monday
from tests.times import TODAY

FIGURES_FILE = b"Date,Team,KPI,Count,Total\n2026-03-10,A,B,1,2\n"
OPEN = {"opened": "what the page showed, signed"}


def _team(scene: Scene) -> Team:
    return Team.objects.select_related("leader").get(leader=scene.cast.ada)


def _followed(scene: Scene) -> Followed:
    return Followed.objects.select_related("kpi", "team").get(team=_team(scene))


def _free(scene: Scene) -> Kpi:
    kpi = Kpi.objects.filter(name="Another").first() or make.KpiFactory(name="Another")
    if not kpi.methods.exists():
        make.KpiMethodFactory(kpi=kpi, written_by=scene.hana)
    return kpi


def _follow(scene: Scene, values: Values) -> object:
    kpi = Kpi.objects.filter(pk=values["kpi"]).first() if isinstance(values["kpi"], int) else None
    if kpi is None:
        raise Invalid("kpi", "not a value of the action: it is a row")
    return follow(team=_team(scene), **{**values, "kpi": kpi}, **scene.leader)


def _upload(scene: Scene, values: Values) -> object:
    if values["kpi"] is not None and not isinstance(values["kpi"], Kpi):
        raise Invalid("kpi", "not a value of the action: it is a row")
    name = values["file"].name if values["file"] else ""
    file = BytesIO(FIGURES_FILE if values["file"] else b"")
    return upload_figures(**{**values, "file": file}, file_name=name, today=TODAY, **scene.admin)


def _day_form(scene: Scene, data: Any) -> DayForm:
    return DayForm(data, kpis=[_followed(scene).kpi], there={}, on=TODAY, today=TODAY)


def _boxes(scene: Scene) -> tuple[str, str]:
    pk = _followed(scene).kpi_id
    return f"above-{pk}", f"below-{pk}"


def _enter(scene: Scene, values: Values) -> object:
    above, below = (values[name] for name in _boxes(scene))
    if not isinstance(above, Decimal) or not isinstance(below, Decimal):
        raise Invalid(_boxes(scene)[0], "not a value of the action: it is typed")
    counts = {_followed(scene).kpi_id: Counted(above, below)}
    try:
        return enter_day(team=_team(scene), on=TODAY, counts=counts, today=TODAY, **scene.leader)
    except Invalid as refusal:
        raise Invalid(_boxes(scene)[refusal.field == "denominator"], refusal.sentence) from None


def _rebase(scene: Scene, values: Values) -> object:
    followed = _followed(scene)
    followed.team.figures.all().delete()
    enter_weeks(followed, [0.7] * 20, until=2)
    return rebase(followed=followed, today=TODAY, **scene.leader, **values)


def _not_monday() -> date:
    return monday(9).replace(day=monday(9).day + 1)


def _method(scene: Scene) -> Values:
    return {
        "text": "No contact about the same matter",
        "window_days": 7,
        "same_issue": "Same case number",
        "channels": "Phone, chat",
        "source": "The case system",
        "from_on": monday(2),
    }


FIGURES = [
    Refused(
        "a KPI",
        KpiForm,
        lambda scene, data: KpiForm(data),
        lambda scene: {
            "name": "Waiting time",
            "family": "other",
            "unit": "seconds",
            "better": "band",
            "numerator": "seconds waited",
            "denominator": "calls",
            "low": Decimal(10),
            "high": Decimal(40),
        },
        lambda scene, values: define_kpi(words=KpiWords(**values), **scene.admin),
        lambda scene: {
            "family": ["fcr", "csat"],
            "denominator": ["", "  "],
            "low": [None, Decimal(40), Decimal(-1)],
            "high": [None, Decimal(10), Decimal(10**9)],
        },
        OPEN,
    ),
    Refused(
        "how a KPI is measured",
        MethodForm,
        lambda scene, data: MethodForm(data, kpi=_followed(scene).kpi),
        _method,
        lambda scene, values: write_method(kpi=_followed(scene).kpi, method=MethodWords(**values), **scene.admin),
        lambda scene: {
            "window_days": [None, 0, 31],
            "same_issue": ["", " "],
            "channels": ["", " "],
            "from_on": [_not_monday()],
        },
    ),
    Refused(
        "a KPI to follow",
        FollowForm,
        lambda scene, data: FollowForm(data, kpis=[_free(scene)]),
        lambda scene: {"kpi": _free(scene).pk, "target": Decimal(74), "expected_days": 5},
        _follow,
        lambda scene: {"target": [Decimal(101), Decimal(-1)]},
        OPEN,
    ),
    Refused(
        "a target",
        AimForm,
        lambda scene, data: AimForm(data, unit="share"),
        lambda scene: {"target": Decimal(74), "expected_days": 5},
        lambda scene, values: change_aim(followed=_followed(scene), **scene.leader, **values),
        lambda scene: {"target": [Decimal(101), Decimal(-1)]},
        OPEN,
    ),
    Refused(
        "the figures of a day",
        DayForm,
        _day_form,
        lambda scene: dict(zip(_boxes(scene), (Decimal(30), Decimal(40)), strict=True)),
        _enter,
        lambda scene: {
            _boxes(scene)[0]: [Decimal(41), Decimal(85), Decimal("0.85"), Decimal(-1), None],
            _boxes(scene)[1]: [Decimal(29), Decimal(-1), Decimal(0), None],
        },
        OPEN,
    ),
    Refused(
        "new limits",
        RebaseForm,
        lambda scene, data: RebaseForm(data),
        lambda scene: {"from_on": monday(9), "change": "New phones"},
        _rebase,
        lambda scene: {"from_on": [_not_monday()]},
    ),
    Refused(
        "a note on a week",
        WeekNoteForm,
        lambda scene, data: WeekNoteForm(data, today=TODAY),
        lambda scene: {"monday_on": monday(1), "text": "Easter"},
        lambda scene, values: note_week(followed=_followed(scene), today=TODAY, **scene.leader, **values),
        lambda scene: {"monday_on": [_not_monday(), day(800)]},
    ),
    Refused(
        "a list of figures",
        FigureUploadForm,
        lambda scene, data: FigureUploadForm(data, {"file": data.get("file")}),
        lambda scene: {"file": SimpleUploadedFile("figures.csv", FIGURES_FILE), "kpi": None, "order": "day"},
        _upload,
        lambda scene: {"file": [None], "kpi": [0]},
    ),
]

"""Each form, the action its fields feed, and inputs it refuses.

A field brings some bad inputs by itself, found in its bounds: too long, not a choice, out of range. `bad` adds what a
`clean_…` method refuses. A field that has neither stands in `free` with the reason.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from coaching.agreements.actions.agreements import AgreedWords, change_agreement
from coaching.agreements.forms.agreement import AgreementForm
from coaching.listening.actions.calibrations import NEWEST, rate, start_calibration, write_agreed
from coaching.listening.actions.contacts import note_contact
from coaching.listening.forms.calibration import AgreedForm, RatingForm, StartForm
from coaching.listening.forms.contact import ContactForm
from coaching.meetings.actions.agenda import raise_item
from coaching.meetings.actions.agreed import add_action, change_action, let_go
from coaching.meetings.actions.answers import answer_session
from coaching.meetings.actions.boxes import save_box
from coaching.meetings.actions.notes import save_note, share_words
from coaching.meetings.actions.pairings import change_cadence
from coaching.meetings.actions.sessions import move_session, plan_session, record_drop_in
from coaching.meetings.forms.agreed import ActionForm, LetGoForm, LineForm
from coaching.meetings.forms.boxes import BoxForm
from coaching.meetings.forms.planning import CadenceForm, MoveForm, PlanForm
from coaching.meetings.forms.writing import AgendaForm, DropInForm, NoteForm, ShareForm, TalkAnswerForm
from coaching.models import TICKS, Action, Agreement, Ask, Booking, Calibration, Session, Visit
from coaching.sponsoring.actions.asks import answer_ask, ask_sponsor
from coaching.sponsoring.actions.parts import block_part
from coaching.sponsoring.actions.protected_time import offer_time
from coaching.sponsoring.actions.support import answer_support
from coaching.sponsoring.forms.offers import ObstacleForm, TimeForm
from coaching.sponsoring.forms.support import SupportForm
from coaching.sponsoring.forms.words import SponsorAnswerForm, SponsorAskForm
from coaching.visiting.actions.attendance import say_what_helps
from coaching.visiting.actions.bookings import accept_offer, book
from coaching.visiting.actions.sheets import save_after, save_before, save_during
from coaching.visiting.companions import companions_of
from coaching.visiting.forms.booking import BookForm, HelpForm, RulesForm
from coaching.visiting.forms.sheets import AfterForm, BeforeForm, DuringForm
from coaching.visiting.rules import BEFORE_LINES, DURING_NOTES
from cohorts.curriculum.actions.drafts import (
    MilestoneFacts,
    StepFacts,
    add_milestone,
    add_step,
    change_milestone,
    change_sponsor_week,
    change_step,
    copy_curriculum,
    import_draft,
)
from cohorts.curriculum.actions.pages import (
    add_source,
    add_theme,
    change_agenda,
    change_brief,
    change_starter,
    change_title,
)
from cohorts.curriculum.files import MAX_FILES_BYTES, read_files
from cohorts.curriculum.forms.copy import CopyForm
from cohorts.curriculum.forms.milestone import DraftMilestoneForm
from cohorts.curriculum.forms.names import StarterForm, ThemeForm, TitleForm
from cohorts.curriculum.forms.pages import CircleAgendaForm, SponsorBriefForm
from cohorts.curriculum.forms.source import SourceForm
from cohorts.curriculum.forms.sponsor_week import SponsorWeekForm
from cohorts.curriculum.forms.step import StepForm
from cohorts.curriculum.forms.zips import CurriculumZipForm
from cohorts.curriculum.page_parts import Part
from cohorts.curriculum.rows import read
from cohorts.curriculum.sources import SourceFacts
from cohorts.curriculum.wordings import (
    MILESTONE_WORDINGS,
    PAGE_WORDINGS,
    PART_WORDINGS,
    SOURCE_WORDINGS,
    SPONSOR_WEEK_WORDINGS,
    STARTER_WORDINGS,
    STEP_WORDINGS,
    THEME_WORDINGS,
    TITLE_WORDINGS,
    Wording,
)
from cohorts.curriculum.writer import write_files
from cohorts.curriculum.zips import files_of_zip, zip_of
from cohorts.enrolment.actions.bulk import change_sponsors, move_hours
from cohorts.enrolment.actions.closed_days import close_day
from cohorts.enrolment.actions.cohorts import CohortPlan, change_cohort, open_cohort
from cohorts.enrolment.actions.enrolments import change_schedule, pause
from cohorts.enrolment.forms.away import AwayForm
from cohorts.enrolment.forms.bulk import HourForm, SponsorOfManyForm
from cohorts.enrolment.forms.closed_day import ClosedDayForm
from cohorts.enrolment.forms.cohort import CohortForm
from cohorts.enrolment.forms.schedule import LeaderScheduleForm, leader_schedule_of
from cohorts.imports.chosen import AS_GUESSED, Chosen
from cohorts.imports.forms import ColumnsForm, UploadForm
from cohorts.imports.rereading import about_of
from cohorts.models import ApiKey, CurriculumVersion, Enrolment, Intake, Membership, SponsorWeek
from cohorts.people.actions.factor_policy import ask_for_factors
from cohorts.people.actions.intakes import ImportContext, add_person, choose_columns, upload_intake
from cohorts.people.actions.members import add_member, change_manager, change_roles, change_sponsor
from cohorts.people.actions.recovery import ask_recovery
from cohorts.people.forms.factor_policy import FactorPolicyForm
from cohorts.people.forms.people import ManagerForm, MemberForm, PersonForm, RolesForm, SponsorForm
from cohorts.people.forms.recovery import RecoveryForm
from cohorts.people.imports.file import PEOPLE as LIST_OF_PEOPLE
from cohorts.people.imports.file import PersonRow
from cohorts.schedule.actions import move_milestone
from cohorts.schedule.forms import MilestoneForm
from cohorts.schedule.path import Rota
from cohorts.web.arrivals import EditionField
from cohorts.web.inputs import CalendarDateField, FigureField, NameField
from cohorts.web.refusals import Invalid
from feedback360.answering.actions.answering import save_answers
from feedback360.answering.forms.answers import AnswerForm, CommentsForm
from feedback360.answering.sheet import Sheet
from feedback360.models import FeedbackSettings, Questionnaire, Round, Subject
from feedback360.questionnaires.actions.drafts import (
    ItemFacts,
    add_item,
    add_question,
    change_frame,
    change_item,
    change_question,
    copy_questionnaire,
)
from feedback360.questionnaires.forms.copy import QuestionnaireCopyForm
from feedback360.questionnaires.forms.parts import FrameForm, ItemForm, QuestionForm
from feedback360.questionnaires.rows import content_of, load_questionnaire
from feedback360.questionnaires.wordings import FRAME_WORDINGS, ITEM_WORDINGS, QUESTION_WORDINGS, NamingWording
from feedback360.rounds.actions.nominations import nominate
from feedback360.rounds.actions.planning import plan_round
from feedback360.rounds.actions.rounds import change_dates, change_settings, set_threshold
from feedback360.rounds.forms.nomination import NominationForm
from feedback360.rounds.forms.round import FeedbackSettingsForm, NewRoundForm, RoundDatesForm, ThresholdForm
from goals.habits.actions.focus import pick_focus, reword_focus, set_dial
from goals.habits.actions.practice import log_practice
from goals.habits.actions.reflection import change_audience, reword_reflection, write_reflection
from goals.habits.forms.focus import DialForm, FocusForm, NewFocusForm
from goals.habits.forms.practice import PracticeForm
from goals.habits.forms.reflection import AudienceForm, ReflectionForm, WordsForm
from goals.habits.rules import WORDS, latest_dial_day
from goals.leader_goals.actions.busy import offer_busy_period
from goals.leader_goals.forms.busy import BusyForm
from goals.models import Focus, Reflection
from programme.feedback.actions import make_focuses
from programme.feedback.forms import SIDES, FocusesForm
from programme.keys.actions import KeyPlan, make_key, rotate_key
from programme.keys.forms import KeyForm, RotateForm
from programme.membership.correction import ask_merge, correct
from programme.membership.forms import CorrectionForm, MergeForm
from programme.organisation.actions import Times, change_times, offer_languages, rename, upload_logo
from programme.organisation.forms import LanguagesForm, LogoForm, OrganisationNameForm, TimesForm
from programme.reports.actions import ask_report
from programme.reports.forms import AskForm
from programme.reports.policies import copies_for
from tests import factories as make
from tests.cast import Cast
from tests.feedback360.answering.collecting import collecting
from tests.logos import logo_png
from tests.times import NOW, TODAY

Values = dict[str, Any]
UNKNOWN_ZONE = ZoneInfo("Etc/GMT+5")


@dataclass(frozen=True)
class Scene:
    """Acme is open. Ada is the leader, Hana the admin."""

    cast: Cast

    @property
    def ada(self) -> Enrolment:
        return self.cast.enrolment(self.cast.ada)

    @property
    def hana(self) -> Membership:
        return self.cast.hana

    @property
    def admin(self) -> dict[str, Any]:
        return {"by": self.hana, "now": NOW}

    @property
    def leader(self) -> dict[str, Any]:
        return {"by": self.cast.ada, "now": NOW}

    @property
    def focus(self) -> Focus:
        return self.ada.focuses.first()

    @property
    def draft(self) -> CurriculumVersion:
        return CurriculumVersion.objects.get(published_at=None)


@dataclass(frozen=True)
class Refused:
    """One form with one action. `good` is what a browser sends, and the form takes; `act` gets the cleaned values."""

    name: str
    form: type[forms.Form]
    build: Callable[[Scene, Any], forms.Form]
    good: Callable[[Scene], Values]
    act: Callable[[Scene, Values], object]
    bad: Callable[[Scene], Mapping[str, list[Any]]] = lambda scene: {}
    free: Mapping[str, str] = field(default_factory=dict)


def as_sent(values: Values) -> MultiValueDict[str, Any]:
    """What a browser would send for these values."""
    return MultiValueDict({name: _as_sent(value) for name, value in values.items()})


def as_query(data: MultiValueDict[str, Any]) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, values in data.lists():
        query.setlist(name, values)
    return query


def _as_sent(value: Any) -> list[Any]:
    sent: list[Any] = [str(value)]
    match value:
        case None:
            sent = []
        case SimpleUploadedFile():
            value.seek(0)
            sent = [value]
        case list():
            sent = [part for each in value for part in _as_sent(each)]
        case Model():
            sent = [str(value.pk)]
        case time():
            sent = [value.strftime("%H:%M")]
    return sent


def bad_by_itself(field: forms.Field) -> list[Any]:
    """What a field refuses because of its bounds."""
    bad: list[Any] = []
    match field:
        case forms.ModelChoiceField() | EditionField():
            pass
        case forms.MultipleChoiceField():
            bad = [*([[]] if field.required else []), [_no_choice(field)]]
        case forms.ChoiceField():
            bad = [_no_choice(field)]
        case FigureField():
            bad = [Decimal(10**field.max_digits), Decimal(1).scaleb(-field.decimal_places - 1)]
        case forms.IntegerField():
            bad = [field.min_value - 1, field.max_value + 1]
        case CalendarDateField():
            bad = [date.min, date.max]
        case forms.CharField():
            bad = ["x" * ((field.max_length or 100_000) + 1), *(["", "  "] if field.required else [])]
            bad += ["Ada\nBcc: b@firm.test", "Ada \u202egnp.exe"] if isinstance(field, NameField) else []
    return bad


def never_stored(field: forms.Field) -> Iterator[Any]:
    """What a form drops or replaces, and another caller could hand to an action: cleaned there too, or refused."""
    if isinstance(field, EditionField):
        yield from (-1, 2**63)
    if isinstance(field, forms.CharField) and not isinstance(field, forms.UUIDField):
        yield from ("a\0b", "a\ud800b")


def _no_choice(field: forms.ChoiceField) -> Any:
    coerce = getattr(field, "coerce", str)
    return {int: 99, ZoneInfo: UNKNOWN_ZONE}.get(coerce, "nonsense")


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


# Cohorts and enrolments

AWAY: dict[str, list[Any]] = {"ends_on": [day(2), day(3 + 367)], "starts_on": [day(11), day(733)]}


def _cohort(scene: Scene) -> Values:
    return {
        "name": "Autumn",
        "version": scene.cast.houses["acme"].version,
        "classroom_ends_on": day(10),
        "day1_on": day(14),
        "zone": ZoneInfo("Europe/Oslo"),
        "nudge_hour": time(9),
        "working_days": [1, 2, 3],
        "holidays": "NO",
        "region": "",
        "holiday_kinds": [],
    }


def _bad_cohort(scene: Scene) -> dict[str, list[Any]]:
    twin = scene.cast.houses["acme"].cohort
    return {
        "name": [twin.name, f"  {twin.name.replace(' ', '   ')} "],
        "version": [scene.draft],
        "classroom_ends_on": [day(-733), day(733)],
        "day1_on": [day(10), day(9), day(733)],
        "nudge_hour": [time(21), time(5, 59)],
    }


def _other_cohort(scene: Scene) -> Any:
    return open_cohort(plan=CohortPlan(**_cohort(scene)), **scene.admin)


def _leader_schedule(scene: Scene, data: Any) -> LeaderScheduleForm:
    return LeaderScheduleForm(
        data, initial=leader_schedule_of(scene.ada, TODAY), organisation=scene.cast.acme, today=TODAY
    )


def _change_schedule(scene: Scene, values: Values) -> object:
    return change_schedule(enrolment=scene.ada, **scene.leader, **values)


def _change_rota(scene: Scene, values: Values) -> object:
    rota = values["rota"]
    said = Rota(values.pop("rota_on", rota.on), values.pop("rota_off", rota.off), values.pop("rota_from", rota.starts))
    return _change_schedule(scene, {**values, "rota": said})


SCHEDULE = {"zone": ZoneInfo("Europe/Oslo"), "nudge_hour": time(9), "working_days": [1, 2]}
ENROLMENT = [
    Refused(
        "the name of the organisation",
        OrganisationNameForm,
        lambda scene, data: OrganisationNameForm(data, organisation=scene.cast.acme),
        lambda scene: {"name": "Acme Support"},
        lambda scene, values: rename(
            organisation=scene.cast.acme, name=values["name"], by=scene.cast.olav, now=scene.admin["now"]
        ),
        lambda scene: {},
    ),
    Refused(
        "the logo of the organisation",
        LogoForm,
        lambda scene, data: LogoForm(data, {"logo": data.get("logo")}),
        lambda scene: {"logo": SimpleUploadedFile("logo.png", logo_png())},
        lambda scene, values: upload_logo(
            organisation=scene.cast.acme,
            file=values["logo"] or BytesIO(),
            file_name=values["logo"].name if values["logo"] else "",
            by=scene.cast.olav,
            now=scene.admin["now"],
        ),
        lambda scene: {"logo": [None]},
    ),
    Refused(
        "the times of the organisation",
        TimesForm,
        lambda scene, data: TimesForm(data, organisation=scene.cast.acme),
        lambda scene: {
            "zone": ZoneInfo("Europe/Oslo"),
            "quiet_from": time(20),
            "quiet_until": time(7),
            "nudge_hour": time(9),
        },
        lambda scene, values: change_times(organisation=scene.cast.acme, times=Times(**values), **scene.admin),
        lambda scene: {
            "quiet_from": [time(14, 59)],
            "quiet_until": [time(12, 1), time(19, 59)],
            "nudge_hour": [time(6, 59), time(20)],
        },
    ),
    Refused(
        "the languages of the organisation",
        LanguagesForm,
        lambda scene, data: LanguagesForm(data, organisation=scene.cast.acme),
        lambda scene: {"languages": ["nb"], "language": "nb"},
        lambda scene, values: offer_languages(
            organisation=scene.cast.acme, by=scene.cast.olav, now=scene.admin["now"], **values
        ),
        lambda scene: {"language": ["en"], "languages": [[], ["en"]]},
    ),
    Refused(
        "a busy period",
        BusyForm,
        lambda scene, data: BusyForm(data, today=TODAY),
        lambda scene: {"title": "Outage", "starts_on": day(20), "ends_on": day(23), "level": 1},
        lambda scene, values: offer_busy_period(cohort=scene.ada.cohort, today=TODAY, **scene.admin, **values),
        lambda scene: {"starts_on": [day(181)], "ends_on": [day(-1), day(19), day(76)]},
    ),
    Refused(
        "a leader's days away",
        AwayForm,
        lambda scene, data: AwayForm(data, today=TODAY),
        lambda scene: {"starts_on": day(3), "ends_on": day(10)},
        lambda scene, values: pause(
            cohort=scene.ada.cohort, enrolment=scene.ada, today=TODAY, **scene.leader, **values
        ),
        lambda scene: AWAY,
    ),
    Refused(
        "days away that are over",
        AwayForm,
        lambda scene, data: AwayForm(data, today=TODAY),
        lambda scene: {"starts_on": day(-5), "ends_on": day(2)},
        lambda scene, values: pause(cohort=scene.ada.cohort, enrolment=None, today=TODAY, **scene.admin, **values),
        lambda scene: {"ends_on": [day(-1)]},
    ),
    Refused(
        "a closed day",
        ClosedDayForm,
        lambda scene, data: ClosedDayForm(data, cohort=scene.ada.cohort),
        lambda scene: {"act": "close", "on": day(3), "name": "Inventory"},
        lambda scene, values: close_day(cohort=scene.ada.cohort, on=values["on"], name=values["name"], **scene.admin),
        lambda scene: {"on": [day(-300), day(400)], "name": ["  "]},
        dict.fromkeys(("act", "revision"), "shape: what becomes of the day, and what the page showed"),
    ),
    Refused(
        "a schedule of weekdays",
        LeaderScheduleForm,
        _leader_schedule,
        lambda scene: {**SCHEDULE, "works": "weekdays"},
        _change_schedule,
        lambda scene: {"nudge_hour": [time(22), time(0)]},
        dict.fromkeys(("works", "rota_on", "rota_off", "rota_from"), "shape: which of the two was chosen"),
    ),
    Refused(
        "a schedule of a rota",
        LeaderScheduleForm,
        _leader_schedule,
        lambda scene: {**SCHEDULE, "works": "rota", "rota_on": 4, "rota_off": 3, "rota_from": day(1)},
        _change_rota,
        lambda scene: {"rota_from": [day(367), day(-367)], "nudge_hour": [time(22)]},
        {"works": "shape: which of the two was chosen", "working_days": "a rota goes before them; they stay stored"},
    ),
    Refused(
        "a new cohort",
        CohortForm,
        lambda scene, data: CohortForm(data, organisation=scene.cast.acme, today=TODAY),
        _cohort,
        lambda scene, values: open_cohort(plan=CohortPlan(**values), **scene.admin),
        _bad_cohort,
    ),
    Refused(
        "a changed cohort",
        CohortForm,
        lambda scene, data: CohortForm(data, organisation=scene.cast.acme, today=TODAY),
        _cohort,
        lambda scene, values: change_cohort(cohort=_other_cohort(scene), plan=CohortPlan(**values), **scene.admin),
        _bad_cohort,
    ),
    Refused(
        "the date of a live event",
        MilestoneForm,
        lambda scene, data: MilestoneForm(data, cohort=scene.cast.houses["acme"].cohort),
        lambda scene: {"on": day(7)},
        lambda scene, values: move_milestone(
            cohort=scene.cast.houses["acme"].cohort, key="circle-1", **scene.admin, **values
        ),
        lambda scene: {
            "on": [
                scene.cast.houses["acme"].cohort.classroom_ends_on - timedelta(days=1),
                scene.cast.houses["acme"].cohort.day1_on + timedelta(days=201),
            ]
        },
    ),
]

# What a leader writes

KEYED = {"key": "any key will do", "edition": "typed by nobody: the form takes anything else as none"}
READER = {"reader_id": "only the sponsor of now is ever named, and any other number names nobody"}


def _plan(scene: Scene) -> Values:
    return {"behaviour": "clear", "cue": "the queue is long", "response": "stand up"}


def _pick(scene: Scene, values: Values) -> object:
    scene.ada.focuses.update(archived_on=TODAY)
    return pick_focus(enrolment=scene.ada, language="en", today=TODAY, **scene.leader, **values)


def _released(scene: Scene) -> Subject:
    """Ada's released report."""
    round_ = make.RoundFactory(cohort=scene.ada.cohort, key="released", state="released")
    return make.SubjectFactory(round=round_, enrolment=scene.ada)


def _make_focuses(scene: Scene, values: Values) -> object:
    scene.ada.focuses.update(archived_on=TODAY)
    said = dict(values)
    plans = {side: (said.pop(f"{side}_cue"), said.pop(f"{side}_response")) for side in ("strength", "growth")}
    return make_focuses(subject=_released(scene), plans=plans, language="en", today=TODAY, **scene.leader, **said)


def _log(scene: Scene, values: Values) -> object:
    focus = values["focus"]
    did_it = {"yes": True, "no": False}.get(values["did_it"])
    if did_it is None:
        raise Invalid("did_it", "not a value of the action: it is true or false")
    said = {**values, "did_it": did_it, "focus": Focus.objects.filter(pk=focus).first()}
    if focus and said["focus"] is None:
        raise Invalid("focus", "not a value of the action: it is a row")
    return log_practice(enrolment=scene.ada, on=TODAY, step=None, today=TODAY, **scene.leader, **said)


def _bad_practice(scene: Scene) -> dict[str, list[Any]]:
    others = scene.cast.enrolment(scene.cast.bo).focuses.values_list("pk", flat=True)
    return {"went": [0, 6], "focus": list(others)}


def _write(scene: Scene, values: Values) -> object:
    words = {name: values[name] for name in WORDS}
    rest = {name: value for name, value in values.items() if name not in WORDS}
    return write_reflection(enrolment=scene.ada, step=None, words=words, today=TODAY, **scene.leader, **rest)


def _reword(scene: Scene, values: Values) -> object:
    ours = Reflection.objects.filter(enrolment=scene.ada).first()
    ours.written_at = NOW
    return reword_reflection(reflection=ours, words=values, today=TODAY, **scene.leader)


def _new_reflection(scene: Scene) -> Values:
    return {"tried": "", "happened": "She asked twice", "learned": "", "next": "", "audience": "sponsor"}


LEADER = [
    Refused(
        "a new focus",
        NewFocusForm,
        lambda scene, data: NewFocusForm(data),
        _plan,
        _pick,
        lambda scene: {"cue": ["when", "If.", "when when ."], "response": ["I will", "jeg skal ,"]},
        KEYED | READER,
    ),
    Refused(
        "a reworded focus",
        FocusForm,
        lambda scene, data: FocusForm(data),
        _plan,
        lambda scene, values: reword_focus(focus=scene.focus, language="nb", by=scene.cast.ada, **values),
        lambda scene: {"cue": ["when", "Hvis ,"], "response": ["I'll."]},
    ),
    Refused(
        "two focuses from a report",
        FocusesForm,
        lambda scene, data: FocusesForm(data, planned=SIDES, focuses=[scene.focus.pk]),
        lambda scene: {
            "strength": "clear",
            "strength_cue": "it rains",
            "strength_response": "wait",
            "growth": "encouraging",
            "growth_cue": "it snows",
            "growth_response": "say so",
            "archive": [scene.focus.pk],
        },
        _make_focuses,
        lambda scene: {
            "strength_cue": ["when", "If."],
            "strength_response": ["I will"],
            "growth_cue": ["when"],
            "growth_response": ["jeg skal ,"],
        },
        READER | {"archive": "only focuses of the leader's own are archived, and any other number names none"},
    ),
    Refused(
        "a dial",
        DialForm,
        lambda scene, data: DialForm(data, today=TODAY, latest=latest_dial_day(scene.ada, today=TODAY)),
        lambda scene: {"level": 1, "ends_on": day(3)},
        lambda scene, values: set_dial(focus=scene.focus, today=TODAY, **scene.leader, **values),
        lambda scene: {"ends_on": [day(-1), day(367), latest_dial_day(scene.ada, today=TODAY) + timedelta(days=1)]},
    ),
    Refused(
        "a practice",
        PracticeForm,
        lambda scene, data: PracticeForm(data, focuses=list(scene.ada.focuses.all())),
        lambda scene: {"did_it": "yes", "went": 4, "focus": scene.focus.pk, "place": "Floor", "line": "Fine"},
        _log,
        _bad_practice,
        KEYED,
    ),
    Refused(
        "a reflection",
        ReflectionForm,
        lambda scene, data: ReflectionForm(data, enrolment=scene.ada),
        _new_reflection,
        _write,
        lambda scene: {"happened": [""]},
        KEYED | READER,
    ),
    Refused(
        "reworded answers",
        WordsForm,
        lambda scene, data: WordsForm(data),
        lambda scene: {"tried": "", "happened": "She asked twice", "learned": "", "next": ""},
        _reword,
        lambda scene: {"happened": ["", "  "]},
    ),
    Refused(
        "who reads a reflection",
        AudienceForm,
        lambda scene, data: AudienceForm(data),
        lambda scene: {"audience": "sponsor"},
        lambda scene, values: change_audience(
            reflection=Reflection.objects.filter(enrolment=scene.ada).first(), **scene.leader, **values
        ),
        free=READER,
    ),
]

# People and reports


def _may_be_empty(file: Any) -> bytes:
    data: bytes = file.read() if file else b""
    return data


def _import_context(scene: Scene) -> ImportContext:
    return ImportContext(scene.cast.acme, scene.cast.houses["acme"].cohort, scene.hana, TODAY, NOW)


def _two_sheets(scene: Scene) -> Intake:
    data = Path("tests/cohorts/real_files/two-sheets.xlsx").read_bytes()
    cohort = scene.cast.houses["acme"].cohort
    return upload_intake(cohort=cohort, file=BytesIO(data), file_name="two-sheets.xlsx", **scene.admin)


def _columns(values: Values) -> dict[str, str]:
    columns = {name.removeprefix("column_"): value for name, value in values.items() if name.startswith("column_")}
    return {number: name for number, name in columns.items() if name}


def _add_person(scene: Scene, values: Values) -> object:
    row = PersonRow(number=1, **{**values, "zone": str(values["zone"])})
    outcome = add_person(row=row, at=_import_context(scene))
    for problem in outcome.problems:
        raise Invalid(problem.field, problem.sentence)
    return outcome


def _with_app(scene: Scene) -> Membership:
    Authenticator.objects.create(user=scene.cast.bo.person, type="totp", data={})
    return scene.cast.bo


def _key_of_acme() -> ApiKey:
    return ApiKey.objects.get(name="acme program")


def _owner_with_app(scene: Scene) -> Membership:
    Authenticator.objects.get_or_create(user=scene.cast.olav.person, type="totp", defaults={"data": {}})
    return scene.cast.olav


def _member(scene: Scene) -> Values:
    return {"name": "Nina Ny", "email": "nina@firm.test", "language": "nb", "roles": ["sponsor"]}


BAD_ADDRESSES = ["nina", "nina@", "nina@firm", "nína@firm.test", "a b@firm.test"]
PEOPLE = [
    Refused(
        "a list of people",
        UploadForm,
        lambda scene, data: UploadForm(data, {"file": data.get("file")}),
        lambda scene: {"file": SimpleUploadedFile("people.csv", b"Name,E-mail\nNina Ny,nina@firm.test\n")},
        lambda scene, values: upload_intake(
            cohort=scene.cast.houses["acme"].cohort,
            file=BytesIO(_may_be_empty(values["file"])),
            file_name=values["file"].name if values["file"] else "",
            **scene.admin,
        ),
        lambda scene: {"file": [None]},
    ),
    Refused(
        "the columns of a list",
        ColumnsForm,
        lambda scene, data: ColumnsForm(
            data, about=about_of(_two_sheets(scene)), kind=LIST_OF_PEOPLE, shown=AS_GUESSED
        ),
        lambda scene: {"sheet": "0", "column_0": "name", "column_1": "email"},
        lambda scene, values: choose_columns(
            intake=_two_sheets(scene),
            chosen=Chosen(sheet=values["sheet"], columns=_columns(values)),
        ),
        lambda scene: {"sheet": [9], "column_0": ["email"], "column_1": ["name"]},
    ),
    Refused(
        "a leader by hand",
        PersonForm,
        lambda scene, data: PersonForm(data, cohort=scene.cast.houses["acme"].cohort, organisation=scene.cast.acme),
        lambda scene: {
            "name": "Nina Ny",
            "email": "nina@firm.test",
            "manager_name": "",
            "manager_email": "sol@acme.test",
            "language": "nb",
            "zone": "Europe/Oslo",
        },
        _add_person,
        free={"zone": "an empty one is the cohort's own, as in a list"},
    ),
    Refused(
        "a new member",
        MemberForm,
        lambda scene, data: MemberForm(data, by=scene.hana, organisation=scene.cast.acme),
        _member,
        lambda scene, values: add_member(organisation=scene.cast.acme, **scene.admin, **values),
        lambda scene: {"email": BAD_ADDRESSES, "roles": [["owner"], ["leader"], ["sponsor", "leader"]]},
    ),
    Refused(
        "a member's roles",
        RolesForm,
        lambda scene, data: RolesForm(data, by=scene.hana, member=scene.cast.cleo),
        lambda scene: {"roles": ["coach", "host"], "had": ["coach"]},
        lambda scene, values: change_roles(
            member=scene.cast.cleo, give=values["roles"], take=[], organisation=scene.cast.acme, **scene.admin
        ),
        lambda scene: {"roles": [["leader"], ["king"]]},
        free={"had": "what the page showed: only what differs from it reaches the action", "sure": "on or off"},
    ),
    Refused(
        "a leader's sponsor",
        SponsorForm,
        lambda scene, data: SponsorForm(data, enrolment=scene.ada),
        lambda scene: {"sponsor": scene.cast.max},
        lambda scene, values: change_sponsor(enrolment=scene.ada, **scene.admin, **values),
        lambda scene: {"sponsor": [scene.cast.ada, scene.cast.bo]},
    ),
    Refused(
        "a member who lost their factors",
        RecoveryForm,
        lambda scene, data: RecoveryForm(data),
        lambda scene: {"reason": "Lost the phone on a train"},
        lambda scene, values: ask_recovery(member=_with_app(scene), by=scene.cast.olav, now=NOW, **values),
    ),
    Refused(
        "who must have a second factor",
        FactorPolicyForm,
        lambda scene, data: FactorPolicyForm(data),
        lambda scene: {"roles": ["admin"]},
        lambda scene, values: ask_for_factors(by=_owner_with_app(scene), now=NOW, **values),
        lambda scene: {"roles": [["leader"], ["owner", "sponsor"]]},
    ),
    Refused(
        "a key",
        KeyForm,
        lambda scene, data: KeyForm(data, is_personal=False),
        lambda scene: {"name": "Payroll", "scopes": ["enrolments:read"], "days": "90"},
        lambda scene, values: make_key(
            kind="organisation",
            plan=KeyPlan(**{"networks": [], **{name: said for name, said in values.items() if name != "reach"}}),
            by=scene.cast.olav,
            now=NOW,
        ),
        lambda scene: {"networks": ["nowhere", "\n".join(["192.0.2.1"] * 21)], "days": ["0", "366"]},
        free={"reach": "which scopes the form means; the action is given them"},
    ),
    Refused(
        "a rotated key",
        RotateForm,
        lambda scene, data: RotateForm(data),
        lambda scene: {"days": "90", "overlap": "24"},
        lambda scene, values: rotate_key(
            key=ApiKey.objects.get(name="acme program"), by=scene.cast.olav, now=NOW, **values
        ),
        lambda scene: {"days": ["0", "366"], "overlap": ["-1", "2"]},
    ),
    Refused(
        "a member's name and address",
        CorrectionForm,
        lambda scene, data: CorrectionForm(data, member=scene.cast.sol),
        lambda scene: {"name": "Sol Ny", "email": "sol.ny@acme.test"},
        lambda scene, values: correct(member=scene.cast.sol, name=values["name"], email=values["email"], **scene.admin),
        lambda scene: {"email": BAD_ADDRESSES},
        free={"sure": "the page before it showed what another address means"},
    ),
    Refused(
        "two memberships of one person",
        MergeForm,
        lambda scene, data: MergeForm(data),
        lambda scene: {"email": "gro@acme.test", "stays": "other"},
        lambda scene, values: ask_merge(
            member=scene.cast.cleo, email=values["email"], stays=values["stays"], **scene.admin
        ),
        lambda scene: {"email": BAD_ADDRESSES},
        free={"sure": "the page before it showed what happens"},
    ),
    Refused(
        "who a member reports to",
        ManagerForm,
        lambda scene, data: ManagerForm(data, member=scene.cast.sol),
        lambda scene: {"manager": scene.cast.max},
        lambda scene, values: change_manager(member=scene.cast.sol, **scene.admin, **values),
        lambda scene: {"manager": [scene.cast.sol, scene.cast.bo]},
    ),
    Refused(
        "the sponsor of many",
        SponsorOfManyForm,
        lambda scene, data: SponsorOfManyForm(data),
        lambda scene: {"sponsor": scene.cast.max},
        lambda scene, values: change_sponsors(enrolments=[scene.ada], **scene.admin, **values),
        lambda scene: {"sponsor": [scene.cast.bo]},
    ),
    Refused(
        "the hour of many",
        HourForm,
        lambda scene, data: HourForm(data, organisation=scene.cast.acme),
        lambda scene: {"nudge_hour": time(9)},
        lambda scene, values: move_hours(enrolments=[scene.ada], organisation=scene.cast.acme, **scene.admin, **values),
        lambda scene: {"nudge_hour": [time(21), time(5, 59)]},
    ),
    Refused(
        "a report",
        AskForm,
        lambda scene, data: AskForm(data, copies=copies_for(scene.hana, scene.ada)),
        lambda scene: {"copy": "admin", "language": "en"},
        lambda scene, values: ask_report(enrolment=scene.ada, today=TODAY, **scene.admin, **values),
        lambda scene: {"copy": ["own", "sponsor"]},
        {"by_mail": "a mark: there is no third value"},
    ),
]

# A rater's answers


def _asked(scene: Scene) -> dict[str, Any]:
    """What their forms are made from."""
    content = content_of(load_questionnaire(now=NOW))
    return {"content": content, "relation": "team", "language": "en", "name": "Ada", "sheet": Sheet()}


def _answers(scene: Scene, **answers: Any) -> None:
    save_answers(request=collecting(scene.cast.acme, ["team"]).request(0), now=NOW, **answers)


ANSWERING = [
    Refused(
        "an answer of a rater",
        AnswerForm,
        lambda scene, data: AnswerForm(data, item=_asked(scene)["content"].items[0], **_asked(scene)),
        lambda scene: {"value": "4"},
        lambda scene, values: _answers(scene, values={_asked(scene)["content"].items[0].key: values["value"]}),
    ),
    Refused(
        "comments of a rater",
        CommentsForm,
        lambda scene, data: CommentsForm(data, **_asked(scene)),
        lambda scene: {question.key: "You listen." for question in _asked(scene)["content"].questions},
        lambda scene, values: _answers(scene, texts=values),
    ),
]

# Drafts of a curriculum


def _words(values: Values, wordings: Iterable[Wording], *without: str) -> dict[str, dict[str, str]]:
    names = [wording.name for wording in wordings if wording.name not in without]
    return {language: {name: values[f"{language}-{name}"] for name in names} for language in ("en", "nb")}


def _typed(wordings: Iterable[Wording]) -> Values:
    words = {"practice": {"en": "When it is quiet, listen.", "nb": "Når det er stille, lytt."}}
    return {
        f"{language}-{wording.name}": words.get(wording.name, {}).get(language)
        or ("Why?" if wording.is_question else "A few words")
        for language in ("en", "nb")
        for wording in wordings
    }


def _bad_words(wordings: Iterable[Wording]) -> dict[str, list[Any]]:
    bad: dict[str, list[Any]] = {}
    for wording in wordings:
        beyond = ["x" * (wording.characters + 1)] if wording.characters else ["When " * (wording.words + 1) + "?"]
        otherwise = ["Neither an opening nor a question."] if wording.openings or wording.is_question else []
        bad[f"nb-{wording.name}"] = [*beyond, *otherwise]
    return bad


def _step_facts(values: Values) -> StepFacts:
    return StepFacts(**{name: values[name] for name in StepFacts.__slots__})


def _milestone_facts(values: Values) -> MilestoneFacts:
    return MilestoneFacts(**{name: values[name] for name in MilestoneFacts.__slots__})


def _step(scene: Scene) -> Values:
    CurriculumVersion.objects.filter(pk=scene.draft.pk).update(themes={"presence": {"en": "Presence"}})
    facts = {"day": 52, "kind": "core", "minutes": 3, "theme": "presence", "behaviour": "clear", "source": ""}
    return {**facts, "cadence": 1, **_typed(STEP_WORDINGS)}


def _week(scene: Scene) -> SponsorWeek:
    return scene.draft.sponsor_weeks.get()


def _week_form(scene: Scene, data: MultiValueDict[str, Any]) -> SponsorWeekForm:
    return SponsorWeekForm(as_query(data), version=scene.draft, week=_week(scene))


def _change_week(scene: Scene, values: Values) -> object:
    theme = {language: values[f"{language}-theme"] for language in ("en", "nb")}
    text = _words(values, SPONSOR_WEEK_WORDINGS, "theme")
    return change_sponsor_week(week=_week(scene), theme=theme, minutes=values["minutes"], text=text, **scene.admin)


def _typed_part() -> Values:
    names = [f"{language}-1-{wording.name}" for language in ("en", "nb") for wording in PART_WORDINGS]
    return dict.fromkeys(names, "A few words")


def _part(values: Values) -> Part:
    text = {
        language: {name: values[f"{language}-1-{name}"] for name in ("heading", "text")} for language in ("en", "nb")
    }
    return Part("1", text, values.get("1-minutes", 0))


def _bad_part_words() -> dict[str, list[Any]]:
    return {name.replace("nb-", "nb-1-"): bad for name, bad in _bad_words(PART_WORDINGS).items()}


_SOURCE = {
    "kind": "review",
    "author": "Berg",
    "year": 2021,
    "title": "On calls",
    "journal": "Calls",
    "design": "comparison",
    "size": "k 12",
    "read": "full_text",
}


def _meeting(scene: Scene) -> dict[str, Any]:
    return {**scene.draft.circle[0], "texts": {}}


DRAFTS = [
    Refused(
        "a new step",
        StepForm,
        lambda scene, data: StepForm(as_query(data), version=scene.draft),
        _step,
        lambda scene, values: add_step(
            version=scene.draft, facts=_step_facts(values), text=_words(values, STEP_WORDINGS), **scene.admin
        ),
        lambda scene: {"day": [55, 56], "theme": [""], "behaviour": [""], **_bad_words(STEP_WORDINGS)},
    ),
    Refused(
        "a changed step",
        StepForm,
        lambda scene, data: StepForm(as_query(data), version=scene.draft),
        _step,
        lambda scene, values: change_step(
            step=scene.draft.steps.first(),
            facts=_step_facts(values),
            text=_words(values, STEP_WORDINGS),
            **scene.admin,
        ),
        lambda scene: _bad_words(STEP_WORDINGS),
    ),
    Refused(
        "a new live event",
        DraftMilestoneForm,
        lambda scene, data: DraftMilestoneForm(as_query(data), version=scene.draft),
        lambda scene: {"kind": "other", "day": 30, "minutes": 45, **_typed(MILESTONE_WORDINGS)},
        lambda scene, values: add_milestone(
            version=scene.draft, facts=_milestone_facts(values), text=_words(values, MILESTONE_WORDINGS), **scene.admin
        ),
        lambda scene: _bad_words(MILESTONE_WORDINGS),
    ),
    Refused(
        "a changed live event",
        DraftMilestoneForm,
        lambda scene, data: DraftMilestoneForm(as_query(data), version=scene.draft),
        lambda scene: {"kind": "other", "day": 30, "minutes": 45, **_typed(MILESTONE_WORDINGS)},
        lambda scene, values: change_milestone(
            milestone=scene.draft.milestones.get(key="closing"),
            facts=_milestone_facts(values),
            text=_words(values, MILESTONE_WORDINGS),
            **scene.admin,
        ),
        lambda scene: _bad_words(MILESTONE_WORDINGS),
    ),
    Refused(
        "a sponsor's week",
        SponsorWeekForm,
        _week_form,
        lambda scene: {"minutes": 2, **_typed(SPONSOR_WEEK_WORDINGS)},
        _change_week,
        lambda scene: _bad_words(SPONSOR_WEEK_WORDINGS),
    ),
    Refused(
        "the sponsor's brief",
        SponsorBriefForm,
        lambda scene, data: SponsorBriefForm(as_query(data), version=scene.draft),
        lambda scene: {"minutes": 3, "sources": [], **_typed(PAGE_WORDINGS), **_typed_part()},
        lambda scene, values: change_brief(
            version=scene.draft,
            minutes=values["minutes"],
            sources=values["sources"],
            text=_words(values, PAGE_WORDINGS),
            parts=[_part(values)],
            **scene.admin,
        ),
        lambda scene: _bad_words(PAGE_WORDINGS) | _bad_part_words(),
        {"1-gone": "yes or no"},
    ),
    Refused(
        "the agenda of a circle",
        CircleAgendaForm,
        lambda scene, data: CircleAgendaForm(as_query(data), version=scene.draft, meeting=_meeting(scene)),
        lambda scene: {"sources": [], **_typed(PAGE_WORDINGS), **_typed_part(), "1-minutes": 5},
        lambda scene, values: change_agenda(
            version=scene.draft,
            milestone="circle-2",
            sources=values["sources"],
            text=_words(values, PAGE_WORDINGS),
            parts=[_part(values)],
            **scene.admin,
        ),
        lambda scene: _bad_words(PAGE_WORDINGS) | _bad_part_words(),
        {"1-gone": "yes or no"},
    ),
    Refused(
        "a ready-made plan",
        StarterForm,
        lambda scene, data: StarterForm(as_query(data), version=scene.draft, behaviour="clear", situation="queue"),
        lambda scene: {
            "en-cue": "When it is quiet",
            "nb-cue": "Når det er stille",
            "en-response": "I will listen",
            "nb-response": "skal jeg lytte",
        },
        lambda scene, values: change_starter(
            version=scene.draft,
            behaviour="clear",
            situation="queue",
            text=_words(values, STARTER_WORDINGS),
            **scene.admin,
        ),
        lambda scene: {"en-cue": ["When " + "it " * 20], **_bad_words(STARTER_WORDINGS)},
    ),
    Refused(
        "a theme",
        ThemeForm,
        lambda scene, data: ThemeForm(as_query(data), version=scene.draft),
        lambda scene: {"en-name": "Trust", "nb-name": "Tillit"},
        lambda scene, values: add_theme(version=scene.draft, text=_words(values, THEME_WORDINGS), **scene.admin),
        lambda scene: _bad_words(THEME_WORDINGS),
    ),
    Refused(
        "a source",
        SourceForm,
        lambda scene, data: SourceForm(as_query(data), version=scene.draft),
        lambda scene: {**_SOURCE, **_typed(SOURCE_WORDINGS)},
        lambda scene, values: add_source(
            version=scene.draft,
            facts=SourceFacts(**{name: values[name] for name in SourceFacts.__slots__}),
            text=_words(values, SOURCE_WORDINGS),
            **scene.admin,
        ),
        lambda scene: _bad_words(SOURCE_WORDINGS),
    ),
    Refused(
        "the title of a curriculum",
        TitleForm,
        lambda scene, data: TitleForm(as_query(data), version=scene.draft),
        lambda scene: {"en-title": "Ours", "nb-title": "Vår"},
        lambda scene, values: change_title(
            version=scene.draft,
            titles={language: values[f"{language}-title"] for language in ("en", "nb")},
            **scene.admin,
        ),
        lambda scene: _bad_words(TITLE_WORDINGS),
    ),
    Refused(
        "a copy of a curriculum",
        CopyForm,
        lambda scene, data: CopyForm(data, version=scene.draft),
        lambda scene: {"slug": "ours", "en-title": "Ours", "nb-title": "Vår"},
        lambda scene, values: copy_curriculum(
            version=scene.draft,
            slug=values["slug"],
            titles={language: values[f"{language}-title"] for language in ("en", "nb")},
            **scene.admin,
        ),
        lambda scene: {"slug": ["acme-leading", "ours--twice", "våre", "-ours"]},
    ),
    Refused(
        "a curriculum's files",
        CurriculumZipForm,
        lambda scene, data: CurriculumZipForm(data, {"file": data.get("file")}),
        lambda scene: {"file": SimpleUploadedFile("ours.zip", zip_of(write_files(read())))},
        lambda scene, values: import_draft(
            content=read_files(files_of_zip(_may_be_empty(values["file"]))), replaces=values["replaces"], **scene.admin
        ),
        lambda scene: {"file": [None, SimpleUploadedFile("large.zip", b"0" * (MAX_FILES_BYTES + 1))]},
        {"replaces": "yes or no"},
    ),
]

# Drafts of a questionnaire


def _questions(scene: Scene) -> Questionnaire:
    """Acme's draft, with room for one more item."""
    draft = Questionnaire.objects.get(published_at=None)
    draft.content = {**draft.content, "items": draft.content["items"][:15]}
    draft.save()
    return draft


def _naming(wordings: Iterable[NamingWording]) -> Values:
    return {
        f"{language}-{wording.name}": ("What does {name} say?" if wording.names_leader else "What do I say?")
        for language in ("en", "nb")
        for wording in wordings
    }


def _bad_naming(wordings: Iterable[NamingWording]) -> dict[str, list[Any]]:
    bad: dict[str, list[Any]] = {}
    for wording in wordings:
        who = "{name}" if wording.names_leader else "I"
        wrong_name = "What is said?" if wording.names_leader else "What does {name} say?"
        bad[f"nb-{wording.name}"] = [wrong_name, f"{who} {{0}}?", " ".join([who, *["x"] * wording.words]) + "?"]
    return bad


def _item(scene: Scene) -> Values:
    return {"behaviour": "clear", "area": "engagement", "asked_of": ["team", "peer"], **_naming(ITEM_WORDINGS)}


def _item_facts(values: Values) -> ItemFacts:
    return ItemFacts(**{name: values[name] for name in ItemFacts.__slots__})


QUESTIONNAIRES = [
    Refused(
        "a new item",
        ItemForm,
        lambda scene, data: ItemForm(as_query(data), questionnaire=_questions(scene)),
        _item,
        lambda scene, values: add_item(
            questionnaire=_questions(scene),
            facts=_item_facts(values),
            text=_words(values, ITEM_WORDINGS),
            **scene.admin,
        ),
        lambda scene: {"asked_of": [[], ["self"]], **_bad_naming(ITEM_WORDINGS)},
    ),
    Refused(
        "a changed item",
        ItemForm,
        lambda scene, data: ItemForm(as_query(data), questionnaire=_questions(scene)),
        _item,
        lambda scene, values: change_item(
            questionnaire=_questions(scene),
            key="greets-by-name",
            facts=_item_facts(values),
            text=_words(values, ITEM_WORDINGS),
            **scene.admin,
        ),
        lambda scene: _bad_naming(ITEM_WORDINGS),
    ),
    Refused(
        "a new open question",
        QuestionForm,
        lambda scene, data: QuestionForm(as_query(data), questionnaire=_questions(scene)),
        lambda scene: _naming(QUESTION_WORDINGS),
        lambda scene, values: add_question(
            questionnaire=_questions(scene), text=_words(values, QUESTION_WORDINGS), **scene.admin
        ),
        lambda scene: _bad_naming(QUESTION_WORDINGS),
    ),
    Refused(
        "a changed open question",
        QuestionForm,
        lambda scene, data: QuestionForm(as_query(data), questionnaire=_questions(scene)),
        lambda scene: _naming(QUESTION_WORDINGS),
        lambda scene, values: change_question(
            questionnaire=_questions(scene), key="keep", text=_words(values, QUESTION_WORDINGS), **scene.admin
        ),
        lambda scene: _bad_naming(QUESTION_WORDINGS),
    ),
    Refused(
        "a questionnaire's frame",
        FrameForm,
        lambda scene, data: FrameForm(as_query(data), questionnaire=_questions(scene)),
        lambda scene: {"asked_in": ["en", "nb"], **_typed(FRAME_WORDINGS)},
        lambda scene, values: change_frame(
            questionnaire=_questions(scene),
            asked_in=values["asked_in"],
            text=_words(values, FRAME_WORDINGS),
            **scene.admin,
        ),
        lambda scene: {"asked_in": [[], ["fi"]], **_bad_words(FRAME_WORDINGS)},
    ),
    Refused(
        "a copy of a questionnaire",
        QuestionnaireCopyForm,
        lambda scene, data: QuestionnaireCopyForm(as_query(data), questionnaire=_questions(scene)),
        lambda scene: {"en-title": "Ours", "nb-title": "Vår"},
        lambda scene, values: copy_questionnaire(
            questionnaire=_questions(scene),
            titles={language: values[f"{language}-title"] for language in ("en", "nb")},
            **scene.admin,
        ),
    ),
]

# 360


def _nominate(scene: Scene, values: Values) -> object:
    Round.objects.update(state="nominating")
    kept = {name: value for name, value in values.items() if name != "edition"}
    return nominate(subject=Subject.objects.get(enrolment=scene.ada), **kept, **scene.leader)


RATERS = [
    Refused(
        "a rater",
        NominationForm,
        lambda scene, data: NominationForm(data),
        lambda scene: {"name": "Kari", "email": "kari@firm.test", "relation": "team"},
        _nominate,
        lambda scene: {"email": ["kari", "kåre@firm.test", "kari@@firm.test"], "relation": ["manager", "self"]},
        KEYED,
    ),
]


def _planned_round(scene: Scene) -> Round:
    planned = Round.objects.select_related("cohort").filter(key="planned").first()
    return planned or make.RoundFactory(cohort=scene.cast.houses["acme"].cohort, key="planned", state="draft")


ROUNDS = [
    Refused(
        "the dates of a round",
        RoundDatesForm,
        lambda scene, data: RoundDatesForm(data, round_=_planned_round(scene), today=TODAY),
        lambda scene: {"opens_on": day(5), "answer_by": day(12), "closes_on": day(15)},
        lambda scene, values: change_dates(round_=_planned_round(scene), **scene.admin, **values),
        lambda scene: {
            "opens_on": [day(-1), day(12)],
            "answer_by": [day(5), day(15)],
            "closes_on": [day(12), day(66)],
        },
        {"opened": "what the page showed, signed"},
    ),
    Refused(
        "the day a round opens",
        NewRoundForm,
        lambda scene, data: NewRoundForm(data, today=TODAY),
        lambda scene: {"opens_on": day(200)},
        lambda scene, values: plan_round(cohort=scene.cast.houses["acme"].cohort, **scene.admin, **values),
        lambda scene: {"opens_on": [day(-1), day(367)]},
    ),
    Refused(
        "the threshold of a round",
        ThresholdForm,
        lambda scene, data: ThresholdForm(data),
        lambda scene: {"threshold": 4},
        lambda scene, values: set_threshold(round_=_planned_round(scene), **scene.admin, **values),
    ),
    Refused(
        "the settings of all rounds",
        FeedbackSettingsForm,
        lambda scene, data: FeedbackSettingsForm(data, settings=FeedbackSettings.objects.get()),
        lambda scene: {"threshold": 4, "response_rate": 60, "monthly_requests": 5, "suggests_talk": True},
        lambda scene, values: change_settings(**scene.admin, **values),
        free={"opened": "what the page showed, signed", "suggests_talk": "on or off"},
    ),
]

# 1:1s


def _talk(scene: Scene, state: str = "planned") -> Session:
    talks = Session.objects.select_related("pairing__leader", "pairing__partner")
    return talks.get(pairing__leader=scene.cast.ada, pairing__kind="sponsor", state=state)


def _templated(scene: Scene) -> Session:
    talk = _talk(scene)
    talk.template = "grow"
    talk.save()
    return talk


def _agreed(scene: Scene) -> Action:
    return Action.objects.select_related("pairing").get(session=_talk(scene, "held"))


def _two(scene: Scene) -> dict[str, Any]:
    return {"pairing": _talk(scene).pairing, "by": scene.cast.ada, "today": TODAY}


def _when(values: Values) -> Values:
    moment = datetime.combine(values.pop("on"), values.pop("at"), UTC)
    return {"starts_at": moment, **{name: values[name] for name in ("minutes", "place")}}


def _owned(values: Values) -> Values:
    return {"text": values["text"], "owner_id": values["owner"], "due_on": values["due_on"], "today": TODAY}


AT = {"at": "any time of a day will do"}
OPENED = {"opened": "what the page showed, signed"}
WHEN = {"on": day(3), "at": time(10), "minutes": 30, "place": "Room 2"}
FAR: dict[str, list[Any]] = {"on": [day(-29), day(367)]}
MEETING = [
    Refused(
        "a planned talk",
        PlanForm,
        lambda scene, data: PlanForm(data, now=NOW, pairing=_talk(scene).pairing),
        lambda scene: WHEN,
        lambda scene, values: plan_session(
            pairing=_talk(scene).pairing,
            key=uuid4(),
            **scene.leader,
            template=values["template"],
            **_when(dict(values)),
        ),
        lambda scene: FAR,
        KEYED | AT,
    ),
    Refused(
        "a moved talk",
        MoveForm,
        lambda scene, data: MoveForm(data, now=NOW),
        lambda scene: WHEN,
        lambda scene, values: move_session(session=_talk(scene), **scene.leader, **_when(dict(values))),
        lambda scene: FAR,
        OPENED | AT,
    ),
    Refused(
        "how often two talk",
        CadenceForm,
        lambda scene, data: CadenceForm(data),
        lambda scene: {"cadence_days": 7},
        lambda scene, values: change_cadence(pairing=_talk(scene).pairing, **scene.leader, **values),
        free=OPENED,
    ),
    Refused(
        "a shared note",
        NoteForm,
        lambda scene, data: NoteForm(data),
        lambda scene: {"text": "What we said"},
        lambda scene, values: save_note(session=_talk(scene), **scene.leader, **values),
        free={"key": "any key will do", **OPENED, "edition": KEYED["edition"]},
    ),
    Refused(
        "a box of a talk",
        BoxForm,
        lambda scene, data: BoxForm(data),
        lambda scene: {"text": "Facts first"},
        lambda scene, values: save_box(session=_templated(scene), part="now", **scene.leader, **values),
        free={"opened": "what the page showed, signed"},
    ),
    Refused(
        "words shared from a note of one's own",
        ShareForm,
        lambda scene, data: ShareForm(data),
        lambda scene: {"words": "She moved the huddle."},
        lambda scene, values: share_words(session=_talk(scene), **scene.leader, **values),
    ),
    Refused(
        "a drop-in",
        DropInForm,
        lambda scene, data: DropInForm(data),
        lambda scene: {"sentence": "She moved the huddle."},
        lambda scene, values: record_drop_in(
            pairing=_talk(scene).pairing, sentence=values["sentence"], key=uuid4(), **scene.leader
        ),
        free=KEYED,
    ),
    Refused(
        "the answer to a talk",
        TalkAnswerForm,
        lambda scene, data: TalkAnswerForm(data),
        lambda scene: {"saw_it_so": "no", "words": "It was the rota, not me."},
        lambda scene, values: answer_session(session=_talk(scene, "held"), **scene.leader, **values),
    ),
    Refused(
        "an agenda item",
        AgendaForm,
        lambda scene, data: AgendaForm(data),
        lambda scene: {"text": "The rota, 8 min"},
        lambda scene, values: raise_item(session=_talk(scene), text=values["text"], minutes=8, **scene.leader),
    ),
    Refused(
        "an action in one line",
        LineForm,
        lambda scene, data: LineForm(data, **_two(scene)),
        lambda scene: {"text": "Ada: try it by Friday"},
        lambda scene, values: add_action(session=_talk(scene), key=uuid4(), **scene.leader, **_owned(values)),
        lambda scene: {"due_on": [day(367)], "owner": [scene.cast.bo.pk]},
        KEYED,
    ),
    Refused(
        "a changed action",
        ActionForm,
        lambda scene, data: ActionForm(data, **_two(scene)),
        lambda scene: {"text": "Try it once", "owner": scene.cast.ada.pk, "due_on": day(3)},
        lambda scene, values: change_action(action=_agreed(scene), **scene.leader, **_owned(values)),
        lambda scene: {"due_on": [day(367)], "owner": [scene.cast.bo.pk]},
        OPENED,
    ),
    Refused(
        "why an action is let go",
        LetGoForm,
        lambda scene, data: LetGoForm(data),
        lambda scene: {"reason": "It solved itself"},
        lambda scene, values: let_go(action=_agreed(scene), **scene.leader, **values),
    ),
]


def _change_agreement(scene: Scene, values: Values) -> object:
    words = {name: values[name] for name in AgreedWords.__dataclass_fields__}
    agreement = Agreement.objects.select_related("pairing__leader").get()
    return change_agreement(agreement=agreement, wording=AgreedWords(**words), today=TODAY, **scene.leader)


def _side_by_side(scene: Scene) -> Session:
    talk = _talk(scene)
    talk.kind = "side_by_side"
    talk.save()
    return talk


def _calibration(scene: Scene) -> Calibration:
    return start_calibration(**_contact(scene), key=uuid4(), today=TODAY, by=scene.cast.sol, now=NOW)


def _contact(scene: Scene) -> Values:
    observers = [scene.cast.cleo, scene.cast.max]
    return {"reference": "SN-1", "channel": "chat", "observers": observers, "closes_on": day(3)}


LISTENING = [
    Refused(
        "a calibration",
        StartForm,
        lambda scene, data: StartForm(as_query(data), today=TODAY),
        _contact,
        lambda scene, values: start_calibration(
            **{name: value for name, value in values.items() if name not in KEYED},
            key=uuid4(),
            today=TODAY,
            by=scene.cast.sol,
            now=NOW,
        ),
        lambda scene: {
            "reference": ["Kari Nordmann", "Kari"],
            "observers": [[scene.cast.cleo]],
            "closes_on": [TODAY, day(31)],
        },
        KEYED,
    ),
    Refused(
        "ratings of a contact",
        RatingForm,
        lambda scene, data: RatingForm(data, talk=NEWEST.in_language("en")),
        lambda scene: {criterion.key: 3 for criterion in NEWEST.in_language("en").criteria},
        lambda scene, values: rate(calibration=_calibration(scene), scores=values, by=scene.cast.cleo, now=NOW),
    ),
    Refused(
        "what observers agree on",
        AgreedForm,
        lambda scene, data: AgreedForm(data),
        lambda scene: {"agreed": "A 4 sounds calm"},
        lambda scene, values: write_agreed(
            calibration=_calibration(scene), by=scene.cast.cleo, now=NOW + timedelta(days=20), **values
        ),
        free={"opened": "what the page showed, signed"},
    ),
    Refused(
        "a contact heard together",
        ContactForm,
        lambda scene, data: ContactForm(data, today=TODAY),
        lambda scene: {"reference": "SN-1", "channel": "chat", "behaviour": "clear", "again_on": day(9)},
        lambda scene, values: note_contact(session=_side_by_side(scene), today=TODAY, **scene.leader, **values),
        lambda scene: {"reference": ["Kari Nordmann"], "again_on": [day(-1), day(367)]},
        {"opened": "what the page showed, signed"},
    ),
]

AGREEMENTS = [
    Refused(
        "the words of an agreement",
        AgreementForm,
        lambda scene, data: AgreementForm(data, today=TODAY),
        lambda scene: {
            "purpose": "To lead the huddle",
            "tells_dates": True,
            "limits": "Between the two",
            "stopping": "With one tap",
            "review_on": day(60),
        },
        _change_agreement,
        lambda scene: {"review_on": [TODAY, day(367)]},
        {"opened": "what the page showed, signed", **dict.fromkeys(TICKS.values(), "on or off")},
    ),
]

# Visits


def _talk_ahead(scene: Scene) -> Visit:
    """A date with room that Ada has not booked."""
    return Visit.objects.select_related("host__member").get(format="talk")


def _place(scene: Scene) -> Booking:
    return Booking.objects.select_related("visit__host__member", "guest__person").get(guest=scene.cast.ada)


def _offered(scene: Scene) -> Booking:
    at = {"offered_at": NOW, "offer_until": NOW + timedelta(days=1)}
    Booking.objects.filter(pk=_place(scene).pk).update(state="offered", **at)
    return _place(scene)


def _say_what_helps(scene: Scene, values: Values) -> object:
    for ago in (5, 6):
        visit = make.VisitFactory(host=_talk_ahead(scene).host, starts_at=NOW - timedelta(days=ago))
        make.BookingFactory(visit=visit, guest=scene.cast.bo, state="no_show")
    return say_what_helps(by=scene.cast.bo, now=NOW, **values)


def _save_during(scene: Scene, values: Values) -> object:
    notes = {name: values.pop(name) for name in DURING_NOTES}
    return save_during(booking=_place(scene), notes=notes, **scene.leader, **values)


def _save_before(scene: Scene, values: Values) -> object:
    lines = {name: values.pop(name) for name in BEFORE_LINES}
    return save_before(booking=_place(scene), lines=lines, **scene.leader, **values)


def _save_after(scene: Scene, values: Values) -> object:
    there = _place(scene)
    return save_after(booking=there, language="en", by=scene.cast.ada, now=there.ends_at, **values)


TICK = {"accepts": "a tick for the version shown; without one the action gets no version"}
VISITS = [
    Refused(
        "a place on a visit",
        BookForm,
        lambda scene, data: BookForm(
            data,
            host=_talk_ahead(scene).host,
            companions=companions_of(scene.cast.ada, _talk_ahead(scene)),
        ),
        lambda scene: {"rules_version": 1, "accepts": "on"},
        lambda scene, values: book(
            visit=_talk_ahead(scene),
            rules_version=values["rules_version"],
            companion=values["companion"],
            key=values["key"],
            **scene.leader,
        ),
        lambda scene: {"companion": [scene.cast.sol, scene.cast.ada], "rules_version": [2]},
        KEYED | TICK,
    ),
    Refused(
        "an offered place",
        RulesForm,
        lambda scene, data: RulesForm(data, host=_talk_ahead(scene).host),
        lambda scene: {"rules_version": 1, "accepts": "on"},
        lambda scene, values: accept_offer(
            booking=_offered(scene), rules_version=values["rules_version"], **scene.leader
        ),
        lambda scene: {"rules_version": [2]},
        TICK,
    ),
    Refused(
        "what would help to come",
        HelpForm,
        lambda scene, data: HelpForm(data),
        lambda scene: {"wants": "remote"},
        _say_what_helps,
    ),
    Refused(
        "the sheet before a visit",
        BeforeForm,
        lambda scene, data: BeforeForm(data),
        lambda scene: {"working_on": "Clear messages", "watch_1": "The morning meeting"},
        lambda scene, values: _save_before(scene, dict(values)),
        free=KEYED | OPENED,
    ),
    Refused(
        "the sheet during a visit",
        DuringForm,
        lambda scene, data: DuringForm(data),
        lambda scene: {"saw": "One question", "behaviours": ["clear"]},
        lambda scene, values: _save_during(scene, dict(values)),
        free=KEYED | OPENED | {"behaviours": "any of the seven or none; others are refused in test_sheets.py"},
    ),
    Refused(
        "the sheet after a visit",
        AfterForm,
        lambda scene, data: AfterForm(data),
        lambda scene: {"behaviour": "clear", "cue": "it begins", "response": "ask"},
        lambda scene, values: _save_after(scene, dict(values)),
        lambda scene: {"cue": ["when"], "response": ["I will"]},
        KEYED | OPENED,
    ),
]

# What a leader and a sponsor ask, answer and offer


def _ask_of(scene: Scene) -> Ask:
    return Ask.objects.unanswered().get(enrolment=scene.ada)


def _say_how_it_feels(scene: Scene, values: Values) -> object:
    Enrolment.objects.filter(pk=scene.ada.pk).update(day1_on=TODAY - timedelta(days=88))
    scene.ada.pauses.all().delete()
    ada = Enrolment.objects.select_related("cohort", "sponsor").get(pk=scene.ada.pk)
    return answer_support(enrolment=ada, items=values, organisation=scene.cast.acme, **scene.leader)


SPONSORING = [
    Refused(
        "a question to the sponsor",
        SponsorAskForm,
        lambda scene, data: SponsorAskForm(data, enrolment=scene.ada),
        lambda scene: {"text": "Can we move the huddle?", "key": uuid4()},
        lambda scene, values: ask_sponsor(enrolment=scene.ada, text=values["text"], key=uuid4(), **scene.leader),
        free=KEYED | {"sponsor_id": "only the sponsor of now is ever asked, and another number asks nobody"},
    ),
    Refused(
        "an answer to a leader",
        SponsorAnswerForm,
        lambda scene, data: SponsorAnswerForm(data),
        lambda scene: {"answer": "Yes, do.", "key": uuid4()},
        lambda scene, values: answer_ask(ask=_ask_of(scene), answer=values["answer"], by=scene.cast.sol, now=NOW),
        free=KEYED,
    ),
    Refused(
        "time kept free",
        TimeForm,
        lambda scene, data: TimeForm(data, today=TODAY),
        lambda scene: {"on": day(3), "minutes": 30, "key": uuid4()},
        lambda scene, values: offer_time(
            enrolment=scene.ada,
            on=values["on"],
            minutes=values["minutes"],
            key=uuid4(),
            by=scene.cast.sol,
            now=NOW,
        ),
        lambda scene: {"on": [day(-1), day(61)]},
        KEYED,
    ),
    Refused(
        "what stands in the way",
        ObstacleForm,
        lambda scene, data: ObstacleForm(data),
        lambda scene: {"obstacle": "workload"},
        lambda scene, values: block_part(
            enrolments=[scene.ada],
            week=2,
            organisation=scene.cast.acme,
            by=scene.cast.sol,
            now=NOW,
            **values,
        ),
    ),
    Refused(
        "how support feels",
        SupportForm,
        lambda scene, data: SupportForm(data),
        lambda scene: {"interest": 4, "cover": 3, "example": 4, "freedom": 5, "checked_up_on": 1},
        _say_how_it_feels,
    ),
]

FORMS: list[Refused] = [
    *VISITS,
    *LISTENING,
    *AGREEMENTS,
    *MEETING,
    *SPONSORING,
    *ENROLMENT,
    *LEADER,
    *PEOPLE,
    *DRAFTS,
    *RATERS,
    *ANSWERING,
    *ROUNDS,
    *QUESTIONNAIRES,
]

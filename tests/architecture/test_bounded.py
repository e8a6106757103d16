"""Every action and every page, with each date, number and text at its extremes: refused by name, or done; no crash.

Actions are found by walking the modules, pages by walking the routes. Each action is tried where the table in
`refused.py` or a page reaches it first: its arguments are replaced in turn, in savepoints, before the real call goes
on. Each page is opened by the first person who may, with every parameter it reads; each form in it is filled in and
sent, as it should be and with extremes.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from copy import copy
from dataclasses import is_dataclass
from datetime import date
from importlib import import_module
from inspect import Parameter, isfunction, signature
from io import BytesIO
from pkgutil import walk_packages
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection, transaction
from django.db.models import Model
from django.http import Http404, HttpResponse, QueryDict
from django.test import Client
from django.urls import resolve, reverse
from django.utils.functional import cached_property

from coaching.agreements.actions.agreements import sign, take_back_signature
from coaching.agreements.actions.lines import choose_lines
from coaching.mentors.actions.intakes import upload_list
from coaching.mentors.actions.wishes import wait
from coaching.models import Agreement, MentorProfile
from coaching.sponsoring.actions.parts import take_back_part
from cohorts.curriculum.files import CurriculumInvalid
from cohorts.enrolment.actions.bulk import pause_all
from cohorts.enrolment.actions.closed_days import keep_day_open, take_back_day
from cohorts.enrolment.actions.sponsor_notes import tell_sponsors, write_to_silent
from cohorts.imports.file import UnreadableFile
from cohorts.mail.signed_links import nudge_token
from cohorts.models import Intake, Invitation, Membership
from cohorts.people.actions.intakes import ImportContext, add_people, decide
from cohorts.people.actions.invitations import find_invitation, is_only_expired
from cohorts.people.actions.members import take_role
from cohorts.people.imports.file import PersonRow
from cohorts.people.invitation_links import token_hash
from cohorts.tenancy.wall import within
from cohorts.web.refusals import NotNow
from feedback360.models import Questionnaire
from feedback360.questionnaires.actions.drafts import move_item
from goals.habits.actions.sharing import answer_sharing
from goals.models import Shared
from tests.architecture.extremes import SIMPLE, extremes, is_never, shown
from tests.architecture.refused import Scene, as_sent, day
from tests.architecture.routes import address, keys, meaning
from tests.architecture.test_access import COACH, DOORS, HANDLER, INSIDE, PEOPLE, ROUTES
from tests.architecture.test_actions_refuse import FORMS
from tests.architecture.test_forms import APPS
from tests.architecture.walking import QUERIES, extreme_forms, forms_in
from tests.cast import Cast
from tests.feedback360.answering.collecting import collecting
from tests.times import NOW, TODAY

REFUSED = (ValidationError, PermissionDenied, NotNow, UnreadableFile, CurriculumInvalid, Http404)
# Set by the server, or signed by it in what a page sends back; and what a reader of files has made.
GIVEN = {"now", "today", "by", "organisation", "at"}
GIVEN |= {"expected_revision", "changes", "stopped", "fingerprint", "content"}
OURS = {"coaching", "cohorts", "feedback360", "goals", "programme", "tests"}
MAX_STATEMENTS = 150


def actions() -> dict[str, Callable[..., Any]]:
    """What is called by keywords in the packages and modules called `actions`, by its full name."""
    found = {}
    for app in APPS:
        for module in walk_packages(app.__path__, f"{app.__name__}."):
            if "actions" in module.name.split("."):
                for name, thing in vars(import_module(module.name)).items():
                    if isfunction(thing) and thing.__module__ == module.name and is_action(thing):
                        found[f"{module.name}.{name}"] = thing
    return found


def is_action(thing: Callable[..., Any]) -> bool:
    by_keyword = all(each.kind is Parameter.KEYWORD_ONLY for each in signature(thing).parameters.values())
    return by_keyword and not thing.__name__.startswith("_")


ACTIONS = actions()


class Probe:
    """Stands in the place of every action, and tries the extremes the first time each is reached."""

    def __init__(self) -> None:
        self.reached: set[str] = set()
        self.wrong: list[str] = []
        self.is_trying = False
        self.tried = 0

    def of(self, name: str, action: Callable[..., Any]) -> Callable[..., Any]:
        def probed(**kwargs: Any) -> Any:
            if not self.is_trying and name not in self.reached:
                self.is_trying = True
                try:
                    self.try_all(name, action, kwargs)
                finally:
                    self.is_trying = False
                self.reached.add(name)
            return action(**kwargs)

        return probed

    def try_all(self, name: str, action: Callable[..., Any], kwargs: dict[str, Any]) -> None:
        hints = get_type_hints(action)
        for argument in sorted(hints.keys() - GIVEN - {"return"}):
            value = kwargs.get(argument)
            for bad in extremes(hints[argument], value):
                said = answer(action, {**kwargs, argument: bad})
                self.tried += 1
                if said not in ("done", "refused") or (said == "done" and is_never(bad, value)):
                    self.wrong.append(f"{name}({argument}={shown(bad)}): {said}")


def answer(action: Callable[..., Any], kwargs: dict[str, Any]) -> str:
    own = {name: _own(value) for name, value in kwargs.items()}
    try:
        with transaction.atomic():
            action(**own)
            transaction.set_rollback(True)
    except REFUSED:
        return "refused"
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:150]
    return "done"


def _own(value: Any) -> Any:
    """A copy where a call that is taken back could leave something changed: a row in memory, a file read to its end."""
    if hasattr(value, "seek"):
        value.seek(0)
        data = value.read()
        value.seek(0)
        return BytesIO(data)
    return copy(value) if isinstance(value, Model) else value


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> Probe:
    """Every action that any module has imported is probed."""
    probe = Probe()
    stand_ins = {id(action): probe.of(name, action) for name, action in ACTIONS.items()}
    for module in [module for name, module in sys.modules.items() if name.split(".")[0] in OURS]:
        for name, thing in list(vars(module).items()):
            if isfunction(thing) and id(thing) in stand_ins:
                monkeypatch.setattr(module, name, stand_ins[id(thing)])
    return probe


class Noted(QueryDict):
    """A query that notes which parameters were read."""

    read: set[str] = set()

    def _note(self, key: Any) -> None:
        Noted.read.add(str(key))

    def get(self, key: Any, default: Any = None) -> Any:
        self._note(key)
        return super().get(key, default)

    def getlist(self, key: Any, default: Any = None) -> Any:
        self._note(key)
        return super().getlist(key, default)

    def __getitem__(self, key: Any) -> Any:
        self._note(key)
        return super().__getitem__(key)

    def __contains__(self, key: Any) -> bool:
        self._note(key)
        return super().__contains__(key)


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> None:
    get = cached_property(lambda request: Noted(request.environ.get("QUERY_STRING", ""), encoding="utf-8"))
    get.__set_name__(WSGIRequest, "GET")
    monkeypatch.setattr(WSGIRequest, "GET", get)


class Statements:
    """How many statements a request runs, those of a probe left out."""

    def __init__(self, probe: Probe) -> None:
        self.probe, self.count = probe, 0

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.count += not self.probe.is_trying
        return execute(*args)


class Walker:
    """Opens pages and sends forms as one person; whatever it does is taken back."""

    def __init__(self, client_for: Callable[[Membership], Client], cast: Cast, probe: Probe) -> None:
        self.client_for, self.cast, self.probe = client_for, cast, probe
        self.wrong: list[str] = []
        self.sent: set[tuple[str, tuple[str, ...]]] = set()
        self.asked = 0

    def walk(self, name: str, person: str, where: str) -> None:
        client = self.client_for(getattr(self.cast, person))
        client.handler = HANDLER
        self.visit(name, client, where, person, within="/o/acme/")

    def visit(self, name: str, client: Client, where: str, person: str, *, within: str) -> None:
        """The page, with each parameter it reads, and every form of it that leads to an address `within`."""
        Noted.read = set()
        page = self.ask(client, "GET", where, name)
        for value in QUERIES if Noted.read else ():
            self.ask(client, "GET", where, f"{name}?{shown(value)}", dict.fromkeys(sorted(Noted.read), value))
        if page is None or page.status_code != 200 or page.streaming or "html" not in page.headers["Content-Type"]:
            return
        for form in forms_in(page.content.decode(), where):
            same = (person, form.action, tuple(sorted(form.kinds())))
            if form.action.startswith(within) and same not in self.sent:
                self.sent.add(same)
                self.ask(client, "POST", form.action, f"{name} {form.action}", form.filled())
                for fields in extreme_forms(form):
                    changed = {key: shown(value[0]) for key, value in fields.items() if value != form.filled().get(key)}
                    self.ask(client, "POST", form.action, f"{name} {form.action} {changed}", fields)

    def ask(self, client: Client, method: str, where: str, label: str, fields: Any = None) -> HttpResponse | None:
        self.asked += 1
        statements = Statements(self.probe)
        with transaction.atomic(), connection.execute_wrapper(statements):
            try:
                response = client.get(where, fields) if method == "GET" else client.post(where, fields or {})
                if response.status_code in (302, 303) and method == "POST" and response.url.startswith("/o/"):
                    response = client.get(response.url)
            except Exception as error:
                self.wrong.append(f"{method} {label[:300]}: {type(error).__name__}: {error}"[:500])
                response = None
            transaction.set_rollback(True)
        if response is not None and response.status_code >= 500:
            self.wrong.append(f"{method} {label[:300]}: {response.status_code}")
        if statements.count > MAX_STATEMENTS:
            self.wrong.append(f"{method} {label[:300]}: {statements.count} statements")
        return response


def pages() -> Iterator[tuple[str, str, str]]:
    """Each page inside an organisation, the first person who may read it, and which of the rows its address names."""
    for (name, method), statuses in sorted(INSIDE.items()):
        if method == "GET":
            route, _, variant = name.partition("@")
            yield route, PEOPLE[statuses.index(200)] if 200 in statuses else COACH, variant


# Called by other actions, with values those have checked or counted themselves.
INSIDE_OTHERS = {
    "cohorts.enrolment.actions.enrolments.leave.on": "the leader's own date by the clock",
    "cohorts.enrolment.actions.enrolments.note_logs": "dates of practices that are stored",
    "cohorts.enrolment.actions.enrolments.set_cadence": "the levels of dials that are stored",
    "coaching.mentors.actions.wishes.wait": "the words of a request that found no place, bounded by ask",
    "coaching.meetings.actions.notes.save_note.part": "a box of the talk's template, found by save_box",
}
# Values of these are turned into what can be stored, or into problems beside the row, before anything is written.
CLEANED = {
    "coaching.agreements.actions.agreements.take_back_signature.number": "any other number than a version's takes none",
    "coaching.sponsoring.actions.parts.take_back_part.week": "a week without parts has none to take back",
    "cohorts.people.actions.invitations.find_invitation.token": "compared as a hash; part of an address",
    "cohorts.people.actions.invitations.is_only_expired.token": "likewise",
    "goals.habits.actions.sharing.answer_sharing.up_to": "the newest that was shown; a higher one includes no more",
    "cohorts.enrolment.actions.closed_days.take_back_day.on": "any other date than an own day's takes none",
    "cohorts.people.actions.intakes.add_person.row": "answers with the problems of a row, like a list",
    "cohorts.people.actions.intakes.add_people.rows": "the same",
    "cohorts.curriculum.actions.drafts": "texts are stored in single spaces, which drops what no text column takes",
    "cohorts.curriculum.actions.pages": "likewise",
    "feedback360.questionnaires.actions.drafts": "the same",
    "goals.habits.actions.focus.pick_focus.reader_id": "any other number than the sponsor's names nobody",
    "goals.habits.actions.reflection.write_reflection.reader_id": "the same",
    "goals.habits.actions.reflection.change_audience.reader_id": "the same",
    "programme.feedback.actions.make_focuses.reader_id": "the same",
    "programme.organisation.actions.switch_all_sending.cohorts": "any other number than a cohort's names none",
    "programme.feedback.actions.make_focuses.archive": "any other number than of the leader's focuses names none",
    "programme.feedback.actions.make_focuses.plans": "pairs of texts, which its form always makes",
}
# With a date, number or text, and reached by neither the table nor a page nor `more_calls`.
NOT_REACHED = {
    "cohorts.curriculum.actions.pages.remove_theme": "a key in the address, looked up among the themes there are",
    "programme.organisation.actions.put_logo_back": "a hash in a signed address, looked up among the logos there are",
    "coaching.agreements.actions.agreements.begin_agreement": "the same words and rule as change_agreement",
    "coaching.mentors.actions.handover.hand_over": "tried as its preview, with the same rule",
    "coaching.mentors.actions.requests.accept": "the same rule for the answer as decline",
    "cohorts.people.actions.addresses.move_to_address": "an address that the correction before it has bounded",
    "cohorts.people.actions.recovery.recover_at_once": "an operator's command; the same rule as the request for it",
    "feedback360.answering.actions.lost_link.send_link_again": "outside any organisation; its form bounds the text",
    "feedback360.answering.actions.lost_link.set_language": "runs outside any organisation; numbers of a signed link",
    "feedback360.rounds.actions.nominations.approve": "keys of requests; others than the subject's own name none",
    "feedback360.rounds.actions.rater_intakes.upload_raters": "the same reader and name of a file as upload_intake",
    "goals.figures.actions.entering.undo_day": "signed by the page; enters through enter_day",
    "goals.figures.actions.kpis.change_kpi": "the same words and rule as define_kpi",
}


def more_calls(scene: Scene) -> Iterator[Callable[[], object]]:
    """Actions behind buttons that no page of the cast shows today."""
    cast, ada, agreement = scene.cast, scene.ada, Agreement.objects.select_related("pairing__leader").get()
    cohort, organisation = cast.houses["acme"].cohort, cast.acme
    signs = {"agreement": agreement, "by": cast.ada, "now": NOW}
    writes = {"cohort": cohort, "organisation": organisation, **scene.admin}
    yield lambda: sign(number=1, **signs)
    yield lambda: take_back_signature(number=1, **signs)
    yield lambda: choose_lines(seen=["a"], shown=["a"], **signs)
    yield lambda: keep_day_open(cohort=cohort, on=date(2026, 5, 1), **scene.admin)
    yield lambda: take_back_day(cohort=cohort, on=day(3), **scene.admin)
    yield lambda: take_back_part(enrolments=[ada], week=2, by=cast.sol, now=NOW)
    yield lambda: pause_all(cohort=cohort, enrolments=[ada], starts_on=day(3), ends_on=day(5), **scene.admin)
    at = ImportContext(organisation, cohort, cast.hana, TODAY, NOW)
    yield lambda: add_people(rows=[PersonRow(1, "A", "a@acme.test")], at=at, is_trial=False)
    yield lambda: find_invitation(token="none", now=NOW)
    yield lambda: is_only_expired(token="none")
    yield lambda: take_role(member=cast.cleo, role="coach", **scene.admin)
    yield lambda: upload_list(sort="coaches", data=b"Name;E-mail\nA;a@firm.test", file_name="a.csv", **scene.admin)
    yield lambda: decide(intake=Intake.objects.get(), about="2", choice="out")
    yield lambda: tell_sponsors(enrolments=[ada.pk], **writes)
    yield lambda: write_to_silent(sponsors=[cast.sol.pk], **writes)
    yield lambda: wait(profile=MentorProfile.objects.get(), words="", leader=cast.bo, now=NOW)
    yield lambda: move_item(questionnaire=Questionnaire.objects.first(), key="none", is_later=True, **scene.admin)
    yield lambda: answer_sharing(
        enrolment=ada, kind=Shared.REFLECTION, reader=cast.sol, up_to=1, is_open=False, **scene.leader
    )


def takes_values(action: Callable[..., Any]) -> bool:
    """Whether it takes a date, a number or a text from a person."""
    hints = get_type_hints(action)
    return any(_holds_values(hint) for name, hint in hints.items() if name not in GIVEN | {"return"})


def _holds_values(hint: Any) -> bool:
    if get_origin(hint) is Callable:  # what is called meanwhile, such as the progress of an import
        return False
    return hint in SIMPLE or is_dataclass(hint) or any(_holds_values(each) for each in get_args(hint))


def left_over(wrong: Iterable[str]) -> list[str]:
    """What no reasoned list knows."""
    known = (*INSIDE_OTHERS, *CLEANED)
    return [each for each in wrong if not each.replace("(", ".", 1).startswith(known)]


def as_the_table_says(scene: Scene) -> Iterator[Callable[[], object]]:
    for entry in FORMS:
        form = entry.build(scene, as_sent(entry.good(scene)))
        assert form.is_valid(), (entry.name, form.errors)
        yield lambda entry=entry, form=form: entry.act(scene, dict(form.cleaned_data))  # type: ignore[misc]


@pytest.mark.timeout(900)
def test_no_extreme_value_is_taken_or_breaks_an_action_or_a_page(
    cast: Cast, probe: Probe, noted: None, client_for: Callable[[Membership], Client]
) -> None:
    scene, walker = Scene(cast), Walker(client_for, cast, probe)
    with within(cast.acme):
        for calls in (as_the_table_says, more_calls):
            found = calls(scene)
            while True:
                with transaction.atomic():
                    call = next(found, None)
                    if call is not None:
                        with suppress(*REFUSED):
                            call()
                    transaction.set_rollback(True)
                if call is None:
                    break
    for route, person, variant in pages():
        walker.walk(route, person, address(ROUTES[route], keys(cast.houses["acme"], variant)))

    assert left_over(probe.wrong) == []
    assert walker.wrong == []
    missed = {name for name in ACTIONS.keys() - probe.reached if takes_values(ACTIONS[name])}
    assert missed == set(NOT_REACHED)
    assert len(walker.sent) > 150


@pytest.mark.timeout(300)
def test_an_id_beyond_any_column_is_not_found(cast: Cast, client_for: Callable[[Membership], Client]) -> None:
    walker, own = Walker(client_for, cast, Probe()), keys(cast.houses["acme"])
    answers = {}
    for route, person, _variant in pages():
        if ROUTES[route].has_keys:
            names = [name for name in ROUTES[route].parameters if name.endswith("pk")]
            beyond = own | {meaning(ROUTES[route], name, own): 2**63 for name in names}
            client = client_for(getattr(cast, person))
            client.handler = HANDLER
            response = walker.ask(client, "GET", address(ROUTES[route], beyond), route)
            answers[route] = response and response.status_code

    assert walker.wrong == []
    assert len(answers) > 50
    assert {route: status for route, status in answers.items() if status not in (403, 404)} == {}


def doors(cast: Cast, client_for: Callable[[Membership], Client]) -> Iterator[tuple[str, Client, str]]:
    """Each page of the front door that needs no key, for nobody and for Ada, and those behind a code or a link."""
    for name, route in sorted(DOORS.items()):
        if not route.parameters:
            yield f"nobody {name}", Client(), reverse(name)
            yield f"ada {name}", client_for(cast.ada), reverse(name)
    asked = Client()
    asked.post(reverse("account_request_login_code"), {"email": cast.ada.person.email})
    yield "code", asked, reverse("account_confirm_login_code")
    with within(cast.acme):
        invitation = Invitation.objects.earliest("pk")
        invitation.token_hash = token_hash("invited")
        invitation.save()
    yield "invited", Client(), reverse("invitation", args=["acme", "invited"])
    nudge = nudge_token(cast.acme.pk, cast.enrolment(cast.ada).pk, TODAY, 1)
    yield "tapped", Client(), reverse("one_tap", args=[nudge])
    asked_of = collecting(cast.acme)
    item = asked_of.content.items[0].key
    for name, more in (("rater_start", ()), ("rater_item", (item,)), ("rater_words", ()), ("rater_review", ())):
        yield name, Client(), asked_of.url(0, name, *more)


SENT_AT_THE_DOOR = {"account_request_login_code", "account_confirm_login_code", "mfa_activate_totp", "rater_again"}
SENT_AT_THE_DOOR |= {"one_tap", "rater_item", "rater_words", "rater_review", "language", "theme"}


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("clock", "noted")
def test_no_extreme_value_breaks_a_page_of_the_front_door(
    cast: Cast, client_for: Callable[[Membership], Client]
) -> None:
    walker = Walker(client_for, cast, Probe())
    for name, client, where in doors(cast, client_for):
        client.handler = HANDLER
        walker.visit(name, client, where, name.partition(" ")[0], within="/")

    assert walker.wrong == []
    assert {resolve(action).url_name for _person, action, _fields in walker.sent} >= SENT_AT_THE_DOOR

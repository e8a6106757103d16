"""What a leader's report says, from the frozen release and the texts of its questionnaire. No database.

Page and PDF print this and nothing else, so they cannot differ. It is written to the leader: *you* is the leader,
no matter who reads it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.charts.dot_plot import Answer
from cohorts.charts.geometry import Tick
from cohorts.curriculum.behaviours import Behaviour
from cohorts.models.given_names import given_name
from feedback360.models import Group
from feedback360.questionnaires.areas import Area
from feedback360.questionnaires.content import ALL_ITEMS, SELF, TEAM, Item, Questionnaire
from feedback360.results import words
from feedback360.results.cells import Cells, gap_says, is_wide, number_in
from feedback360.results.findings import View, sentences_of, title_of, views_of
from feedback360.statistics.agreement import Category, Seen, agreement_index, agreement_shift
from feedback360.statistics.change import Outcome
from feedback360.statistics.cohort import enough_responded, response_rate
from feedback360.statistics.highlights import highlights
from feedback360.statistics.verdicts import CLAIMING_GROUPS
from feedback360.visibility import Change, Comments, Release
from feedback360.visibility import Group as Turnout

SHOWN = (Outcome.IMPROVED, Outcome.DECLINED)


@dataclass(frozen=True, slots=True)
class About:
    """Whose report it is, in which words: first name, the manager's name, and the language it is read in."""

    leader: str
    manager: str
    language: str
    questionnaire: Questionnaire

    @property
    def first_name(self) -> str:
        return given_name(self.leader)

    @property
    def text_language(self) -> str:
        return self.questionnaire.language_for(self.language)

    def item(self, item: Item) -> str:
        """As the team read it: what they answered is about the leader by name."""
        return item.sentence(relation=TEAM, language=self.text_language, name=self.first_name)

    def question(self, key: str) -> str:
        question = next((one for one in self.questionnaire.questions if one.key == key), None)
        if question is None:
            return key
        return question.sentence(relation=TEAM, language=self.text_language, name=self.first_name)

    def question_to_self(self, key: str) -> str:
        question = next((one for one in self.questionnaire.questions if one.key == key), None)
        return question.sentence(relation=SELF, language=self.text_language, name="") if question else key

    @property
    def scale(self) -> tuple[str, ...]:
        return self.questionnaire.scales[self.text_language].steps


@dataclass(frozen=True, slots=True)
class Answered:
    """Who was asked or what is missing: a name, what became of it, and why."""

    label: str
    state: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """A dot plot of the behaviours as one group sees them, in the order of its rows; the title is the finding."""

    group: str
    title: str
    group_name: str
    person_name: str
    rows: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class ItemLine:
    text: str
    own: str
    others: str

    @property
    def says(self) -> str:
        if not self.own:
            return self.others
        return _("%(others)s, you %(own)s") % {"others": self.others, "own": self.own}


@dataclass(frozen=True, slots=True)
class ItemList:
    title: str
    rule: str
    lines: tuple[ItemLine, ...]


@dataclass(frozen=True, slots=True)
class Highlighted:
    """Items by formula 17, as one group sees them. None without an own answer can be hidden or a blind spot."""

    parts: tuple[ItemList, ...]


@dataclass(frozen=True, slots=True)
class AgreementLine:
    area: str
    own: str
    others: str
    sentence: str
    shift: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Self against one group: an index over all items in words, and a category for each area."""

    index: str
    lines: tuple[AgreementLine, ...]


@dataclass(frozen=True, slots=True)
class CommentList:
    question: str
    who: str
    texts: tuple[str, ...]
    is_by_name: bool


@dataclass(frozen=True, slots=True)
class ItemCell:
    """`n` is given for groups in which nobody is named."""

    column: str
    value: str
    n: int | None


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item: what each column answered, and why something is left out."""

    text: str
    cells: tuple[ItemCell, ...]
    why: str


@dataclass(frozen=True, slots=True)
class BehaviourItems:
    behaviour: str
    rows: tuple[ItemRow, ...]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One scale of one group since the last round."""

    scale: str
    who: str
    sentence: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class Option:
    """A behaviour to choose, and what speaks for it."""

    key: str
    label: str
    note: str


@dataclass(frozen=True, slots=True)
class Report:
    """In the order of page and PDF."""

    threshold: int
    answered: tuple[Answered, ...]
    sentences: tuple[SafeString, ...]
    ticks: tuple[Tick, ...]
    plots: tuple[Plot, ...]
    highlighted: Highlighted | None
    agreement: Agreement | None
    changes: tuple[ChangeLine, ...]
    about_rounds: str
    comments: tuple[CommentList, ...]
    columns: tuple[str, ...]
    items: tuple[BehaviourItems, ...]
    strengths: tuple[Option, ...]
    growths: tuple[Option, ...]
    voice: str
    is_from_many: bool  # the voice is that of a counted group, not of the manager
    was_many_asked: bool
    is_rounded: bool
    text_language: str

    @property
    def has_shuffled_comments(self) -> bool:
        """Whether any comment stands without a name."""
        return any(not each.is_by_name for each in self.comments)


def report_of(release: Release, about: About, *, before: Release | None = None) -> Report:
    """The report in the active language. `before` is the release of the leader's last round."""
    cells = Cells.of(release)
    changes = tuple(_changes(release, before, cells))
    shown_change = [line for line in release.changes if line.kind == "primary" and line.outcome in SHOWN]
    strengths, growths = _options(cells)
    return Report(
        threshold=release.threshold,
        answered=tuple(_answered(release, about)),
        sentences=tuple(sentences_of(cells, [_change_in_brief(line) for line in shown_change])),
        ticks=tuple(Tick(value, label) for value, label in enumerate(about.scale, 1)),
        plots=tuple(_plots(cells, about)),
        highlighted=_highlighted(cells, about),
        agreement=_agreement(release, cells, before),
        changes=changes,
        about_rounds=words.overlap() if changes else "",
        comments=tuple(_comment_list(one, about) for one in release.comments),
        columns=tuple(_columns(cells, about).values()),
        items=tuple(_items(cells, about)),
        strengths=strengths,
        growths=growths,
        voice=str(words.OTHERS.get(cells.voice, "")),
        is_from_many=bool(cells.counted),
        was_many_asked=any(one.group in CLAIMING_GROUPS and one.reason in ("", "too_few") for one in release.groups),
        is_rounded=any(cell.step > 0.1 for cell in release.cells if cell.value is not None),
        text_language=about.text_language,
    )


def _answered(release: Release, about: About) -> Iterator[Answered]:
    for group in release.groups:
        yield _group(group, release.threshold, about)
    if release.left_out.items:
        count = release.left_out.items
        yield Answered(
            ngettext("%(count)d answer to an item", "%(count)d answers to items", count) % {"count": count},
            _("left out"),
            _("Too few of a group have seen this to show what they said."),
        )
    if release.left_out.comment_questions:
        count = release.left_out.comment_questions
        yield Answered(
            ngettext("Comments on %(count)d question", "Comments on %(count)d questions", count) % {"count": count},
            _("left out"),
            _("Fewer than %(threshold)d people wrote something.") % {"threshold": release.threshold},
        )


def _group(group: Turnout, threshold: int, about: About) -> Answered:
    label = _name(group.group, about)
    if group.group in (Group.MANAGER, Group.SELF):
        if group.reason == "not_asked":
            return Answered(label, _("not asked"))
        return Answered(label, _("answered") if group.shown else _("hasn’t answered"))
    if group.reason == "not_asked":
        return Answered(label, _("not asked"), _("There were too few of them to be shown."))
    if not group.shown:
        why = _(
            "Fewer than %(threshold)d answered, so nobody’s answers can be guessed. They are in no other number either."
        )
        return Answered(label, _("left out"), why % {"threshold": threshold})
    state = _("%(answered)d of %(asked)d") % {"answered": group.answered, "asked": group.asked}
    return Answered(label, state, " ".join(_about_turnout(group)))


def _about_turnout(group: Turnout) -> Iterator[str]:
    """Of a counted group that is shown."""
    asked, answered = group.asked or 0, group.answered or 0
    if group.joined:
        yield _("One group, joined before anybody was asked.")
    if not enough_responded(response_rate(invited=asked, answered=answered)):
        yield words.few_responded()
    yield words.trust(answered)


def _name(group: str, about: About) -> str:
    if group == Group.MANAGER and about.manager:
        return _("%(name)s, your manager") % {"name": about.manager}
    return str(Group(group).label)


def _plots(cells: Cells, about: About) -> Iterator[Plot]:
    """One for each counted group; without any, what manager and leader answered."""
    for group in cells.counted or ("",):
        views = views_of(cells, group or Group.MANAGER)
        if not group:
            views = [view for view in views if view.own or view.others]
        title = title_of(views, group or cells.voice)
        rows = tuple(_plot_row(view, group, cells) for view in views)
        if rows:
            has_manager = Group.MANAGER in cells.shown
            yield Plot(
                group=group,
                title=title,
                group_name=str(words.OTHERS[group]) if group else "",
                person_name=_("%(name)s, by name") % {"name": _name(Group.MANAGER, about)} if has_manager else "",
                rows=rows,
            )


def _plot_row(view: View, group: str, cells: Cells) -> Answer:
    cell = view.others if group else None
    manager = cells.cell(Group.MANAGER, "behaviour", view.behaviour.value)
    own = view.own.value if view.own else None
    low, high = (cell.band_low, cell.band_high) if cell else (None, None)
    return Answer(
        label=str(view.behaviour.label),
        says=gap_says(own, view.others),
        n=cell.n if cell else None,
        group=cell.value if cell else None,
        group_says=number_in(cell),
        person=manager.value if manager else None,
        yourself=own,
        most=(low, high) if low is not None and high is not None else None,
        is_strong=is_wide(view.gap),
    )


def _highlighted(cells: Cells, about: About) -> Highlighted | None:
    """Of the first counted group. A manager's view alone is no ground for strengths and blind spots."""
    if not cells.counted:
        return None
    voice, keys = cells.counted[0], [item.key for item in about.questionnaire.items]
    found = highlights(cells.values(Group.SELF, "item", keys), cells.values(voice, "item", keys))
    texts = {item.key: about.item(item) for item in about.questionnaire.items}

    def lines(items: Sequence[str]) -> tuple[ItemLine, ...]:
        return tuple(
            ItemLine(
                texts[key],
                number_in(cells.cell(Group.SELF, "item", key)),
                number_in(cells.cell(voice, "item", key)),
            )
            for key in items
        )

    who = {"group": words.OTHERS[voice]}
    return Highlighted(
        (
            ItemList(
                _("Hidden strengths"),
                _("Above 4 by %(group)s, and at least 0.75 more than you say.") % who,
                lines(found.hidden_strengths),
            ),
            ItemList(_("Strengths"), _("4 or more by %(group)s.") % who, lines(found.strengths)),
            ItemList(
                _("Blind spots"),
                _("Below 3.75 by %(group)s, and at least 0.75 less than you say.") % who,
                lines(found.blind_spots),
            ),
        )
    )


def _agreement(release: Release, cells: Cells, before: Release | None) -> Agreement | None:
    """None without a self-assessment or a counted group."""
    if not cells.counted or Group.SELF not in cells.shown:
        return None
    voice = cells.counted[0]
    keys = [key for (group, kind, key) in cells.by_place if (group, kind) == (voice, "item")]
    index = agreement_index(cells.values(Group.SELF, "item", keys), cells.values(voice, "item", keys))
    now, then = _seen(release, voice), _seen(before, voice) if before else {}
    lines = []
    for area in Area:
        category = _category(release, voice, area.value)
        own, others = (cells.cell(group, "area", area.value) for group in (Group.SELF, voice))
        if category == Category.NOT_SHOWN or own is None or others is None:
            continue
        shift = agreement_shift(then[area], now[area]) if area in then and area in now else None
        lines.append(
            AgreementLine(
                area=str(area.label),
                own=number_in(own),
                others=number_in(others),
                sentence=words.agreement(
                    voice, category, own=own.value or 0.0, others=others.value or 0.0, answers=others.n or 0
                ),
                shift=words.agreement_shift(voice, shift) if shift is not None else "",
            )
        )
    sentence = words.agreement_index(voice, index) if index is not None else ""
    return Agreement(sentence, tuple(lines))


def _seen(release: Release, voice: str) -> dict[str, Seen]:
    cells = Cells.of(release)
    found = {}
    for area in Area:
        own, others = (cells.value(group, "area", area.value) for group in (Group.SELF, voice))
        if own is not None and others is not None:
            found[area.value] = Seen(own, others, Category(_category(release, voice, area.value)))
    return found


def _category(release: Release, group: str, area: str) -> str:
    found = (one.category for one in release.categories if (one.group, one.kind, one.key) == (group, "area", area))
    return next(found, Category.NOT_SHOWN.value)


def _changes(release: Release, before: Release | None, cells: Cells) -> Iterator[ChangeLine]:
    for change in release.changes:
        sentence = words.change(
            change.group,
            change.outcome,
            answers=_fewest(change, cells, before),
            value=change.value,
            low=change.low,
            high=change.high,
            visible_from=change.visible_from,
        )
        yield ChangeLine(
            scale=_scale_name(change),
            who=str(Group(change.group).label),
            sentence=f"{sentence} {words.ceiling(change.low)}" if change.ceiling else sentence,
            is_first=change.kind == "primary",
        )


def _fewest(change: Change, cells: Cells, before: Release | None) -> int | None:
    """The smaller number of raters of the two rounds, of those the releases print."""
    both = [cells, *([Cells.of(before)] if before else [])]
    counts = [cell.n for one in both if (cell := one.cell(change.group, change.kind, change.key)) and cell.n]
    return min(counts, default=None)


def _change_in_brief(change: Change) -> SafeString:
    """A change that shows, for the top of the report."""
    said = (
        _("{group} sees more of {scale} than last time: {value} higher.")
        if change.outcome == Outcome.IMPROVED
        else _("{group} sees less of {scale} than last time: {value} lower.")
    )
    return format_html(
        said,
        group=words.SUBJECTS[change.group],
        scale=format_html("<b>{}</b>", _scale_name(change)),
        value=words.number(abs(change.value or 0.0)),
    )


def _scale_name(change: Change) -> str:
    if change.key == ALL_ITEMS:
        return _("All items together")
    return " + ".join(str(Behaviour(key).label) for key in change.key.split("+"))


def _comment_list(comments: Comments, about: About) -> CommentList:
    is_own = comments.group == Group.SELF
    question = about.question_to_self(comments.question) if is_own else about.question(comments.question)
    who = _name(comments.group, about) if comments.group else ""
    return CommentList(question, who, comments.texts, is_by_name=comments.group in {Group.MANAGER, Group.SELF})


def _columns(cells: Cells, about: About) -> dict[str, str]:
    """The columns of the table of items: what counted groups, manager and leader answered."""
    names: dict[str, str] = {group: str(Group(group).label) for group in cells.counted}
    if Group.MANAGER in cells.shown:
        names[Group.MANAGER] = about.manager or str(Group.MANAGER.label)
    if Group.SELF in cells.shown:
        names[Group.SELF] = str(Group.SELF.label)
    return names


def _items(cells: Cells, about: About) -> Iterator[BehaviourItems]:
    columns = _columns(cells, about)
    for behaviour in Behaviour:
        items = [item for item in about.questionnaire.items if item.behaviour == behaviour]
        if items and columns:
            yield BehaviourItems(str(behaviour.label), tuple(_item_row(item, columns, cells, about) for item in items))


def _item_row(item: Item, columns: Mapping[str, str], cells: Cells, about: About) -> ItemRow:
    places = [cells.by_place.get((group, "item", item.key)) for group in cells.counted]
    is_left_out = any(cell is not None and cell.reason == "too_few" for cell in places)
    return ItemRow(
        text=about.item(item),
        cells=tuple(_item_cell(group, column, item, cells) for group, column in columns.items()),
        why=_("Left out where too few have seen it.") if is_left_out else "",
    )


def _item_cell(group: str, column: str, item: Item, cells: Cells) -> ItemCell:
    cell = cells.cell(group, "item", item.key)
    return ItemCell(column, number_in(cell), cell.n if cell and group in cells.counted else None)


def _options(cells: Cells) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    """All seven behaviours twice: the best strength to use first, and the one to grow that stands out most first."""
    voice = cells.voice or Group.SELF
    views = {view.behaviour: view for view in views_of(cells, voice)}
    order = list(Behaviour)

    def level(behaviour: Behaviour) -> float:
        cell = cells.cell(voice, "behaviour", behaviour.value)
        return cell.value if cell is not None and cell.value is not None else 3.0

    def gap(behaviour: Behaviour) -> float:
        return (views[behaviour].gap or 0.0) if behaviour in views else 0.0

    def option(behaviour: Behaviour) -> Option:
        cell = cells.cell(voice, "behaviour", behaviour.value)
        seen = f"{Group(voice).label}: {number_in(cell)}" if cell else ""
        by = gap(behaviour)
        hint = (
            ""
            if not is_wide(by) or voice == Group.SELF
            else _("more than you see")
            if by < 0
            else _("less than you see")
        )
        return Option(behaviour.value, str(behaviour.label), " · ".join(part for part in (seen, hint) if part))

    strengths = sorted(order, key=lambda each: (-level(each), gap(each)))
    growths = sorted(order, key=lambda each: (-gap(each) if is_wide(gap(each)) and gap(each) > 0 else 0.0, level(each)))
    return tuple(map(option, strengths)), tuple(map(option, growths))

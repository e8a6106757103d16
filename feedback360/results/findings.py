"""The sentences that open a report and the titles of its charts, from released cells. No database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cohorts.curriculum.behaviours import Behaviour
from feedback360.models import Group
from feedback360.results import words
from feedback360.results.cells import ABOUT_THE_SAME, Cells, gap_of, is_wide, said
from feedback360.statistics.agreement import EXACT
from feedback360.visibility import Cell

SENTENCES = 3
ALIKE_NAMED = 3


@dataclass(frozen=True, slots=True)
class View:
    """One behaviour as one group and the leader themself see it."""

    behaviour: Behaviour
    others: Cell | None
    own: Cell | None

    @property
    def gap(self) -> float | None:
        return gap_of(self.own.value if self.own else None, self.others)


def views_of(cells: Cells, group: str) -> list[View]:
    """The seven behaviours, those first that the leader sees more often than the group does, unknown gaps last."""
    views = [
        View(each, cells.cell(group, "behaviour", each.value), cells.cell(Group.SELF, "behaviour", each.value))
        for each in Behaviour
    ]
    known = [view for view in views if view.gap is not None]
    rest = [view for view in views if view.gap is None and (view.others or view.own)]
    return [
        *sorted(known, key=lambda view: -(view.gap or 0.0)),
        *sorted(rest, key=lambda view: -(view.others.value or 0.0) if view.others else 1.0),
    ]


def title_of(views: Sequence[View], group: str) -> str:
    """The finding of a dot plot."""
    who = {"group": words.OTHERS[group]} if group in words.OTHERS else {}
    seen = [view for view in views if view.others is not None]
    if not seen:
        return _("What you answered yourself")
    gaps = [view for view in seen if view.gap is not None]
    wide = sorted((view for view in gaps if is_wide(view.gap)), key=lambda view: -abs(view.gap or 0.0))[:2]
    if wide:
        return _("You and %(group)s differ most here: %(behaviours)s") % {**who, "behaviours": _listed(wide)}
    if gaps:
        return _("You and %(group)s see the behaviours much alike") % who
    return _("What %(group)s sees most often: %(behaviours)s") % {**who, "behaviours": _highest(seen).behaviour.label}


def sentences_of(cells: Cells, changed: Sequence[SafeString] = ()) -> list[SafeString]:
    """At most three, the most important first: a change that shows, the widest gaps, what is seen alike and most."""
    voice = cells.voice
    if not voice:
        has_own = Group.SELF in cells.shown
        own = _("Too few answered to show what others see. Your own answers are below.")
        return [_as_is(own if has_own else _("Too few answered to show anything this time."))]
    views = [view for view in views_of(cells, voice) if view.others is not None]
    found = [*changed, *_about(views, voice)]
    if voice == Group.MANAGER and Group.SELF in cells.shown:
        found.insert(0, _as_is(_("Too few answered to show a group. This is what your manager and you see.")))
    return found[:SENTENCES]


def _about(views: Sequence[View], voice: str) -> Iterator[SafeString]:
    compared = [view for view in views if view.gap is not None]
    under = min(compared, key=lambda view: view.gap or 0.0, default=None)
    over = max(compared, key=lambda view: view.gap or 0.0, default=None)
    if under is not None and is_wide(under.gap) and (under.gap or 0.0) < 0:
        yield _compare(
            _(
                "{behaviour}: {group} sees this more often than you do, {others} against your {own}. "
                "A strength you may not count."
            ),
            under,
            voice,
        )
    if over is not None and is_wide(over.gap) and (over.gap or 0.0) > 0:
        yield _compare(
            _(
                "{behaviour}: {group} sees this less often than you do, {others} against your {own}. "
                "Ask what they would like to see more of."
            ),
            over,
            voice,
        )
    alike = [view for view in compared if abs(view.gap or 0.0) < ABOUT_THE_SAME - EXACT][:ALIKE_NAMED]
    if alike:
        names = format_html_join(", ", "<b>{}</b>", ((view.behaviour.label,) for view in alike))
        yield format_html(
            _("You and {group} see this much alike: {behaviours}."), group=words.OTHERS[voice], behaviours=names
        )
    if not compared and views:
        yield _as_is(_("You haven’t answered about yourself, so nothing can be compared."))
    if views:
        yield _compare(_("What {group} sees most often: {behaviour}, {others}."), _highest(views), voice)
        lowest = min(views, key=lambda view: (view.others and view.others.value) or 0.0)
        yield _compare(_("What {group} sees least often: {behaviour}, {others}."), lowest, voice)


def _compare(sentence: str, view: View, voice: str) -> SafeString:
    return format_html(
        sentence,
        behaviour=format_html("<b>{}</b>", view.behaviour.label),
        group=words.OTHERS[voice],
        others=said(view.others),
        own=said(view.own),
    )


def _highest(views: Sequence[View]) -> View:
    return max(views, key=lambda view: (view.others and view.others.value) or 0.0)


def _listed(views: Sequence[View]) -> str:
    return ", ".join(str(view.behaviour.label) for view in views)


def _as_is(sentence: str) -> SafeString:
    return format_html("{}", sentence)

"""The T-score of a leader's goals in words, for page and paper. A word comes first, the number after it."""

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from goals.leader_goals.attainment import AS_AGREED, Attainment

HALF_A_STEP, A_STEP_AND_A_HALF = 5, 15  # in points of T, where a step of a single goal is ten
SAME = 0.05  # what reads alike with one decimal


@dataclass(frozen=True, slots=True)
class AttainmentWords:
    """`headline` without a number; `sentences` with them, in the order to print."""

    headline: str
    sentences: tuple[str, ...]


def attainment_words(figures: Attainment) -> AttainmentWords | None:
    """None while no goal has been agreed."""
    if not figures.goals:
        return None
    told = [_basis(figures), _let_go(figures), _comparative(figures), _outside_reserve(figures), _unscored(figures)]
    return AttainmentWords(verdict(figures.score), tuple(sentence for sentence in told if sentence))


def verdict(score: float | None) -> str:
    """Where a score lies, without a number."""
    if score is None:
        return pgettext("goals", "Nothing measured yet")
    off = score - AS_AGREED
    if off >= A_STEP_AND_A_HALF:
        return pgettext("goals", "Far more than agreed")
    if off >= HALF_A_STEP:
        return pgettext("goals", "More than agreed")
    if off > -HALF_A_STEP:
        return pgettext("goals", "About as agreed")
    return (
        pgettext("goals", "Less than agreed") if off > -A_STEP_AND_A_HALF else pgettext("goals", "Far less than agreed")
    )


def points(score: float) -> str:
    return number_format(round(score, 1), 1)


def _basis(figures: Attainment) -> str:
    going = figures.goals - figures.let_go
    if figures.score is None:
        return (
            ngettext(
                "One goal is agreed, and it has no figure yet.",
                "%(count)d goals are agreed, and none has a figure yet.",
                going,
            )
            % {"count": going}
            if going
            else ""
        )
    words = {"score": points(figures.score), "some": figures.measured, "all": going}
    return (
        ngettext(
            "Score %(score)s, over one goal; 50 is exactly what was agreed.",
            "Score %(score)s, over %(some)d of %(all)d goals; 50 is exactly what was agreed.",
            going,
        )
        % words
    )


def _let_go(figures: Attainment) -> str:
    if not figures.let_go or figures.with_let_go is None:
        return ""
    words = {
        "some": figures.let_go,
        "all": figures.goals,
        "weight": figures.let_go_weight,
        "whole": figures.weight,
        "score": points(figures.with_let_go),
    }
    let_go = _("%(some)d of %(all)d let go (weight %(weight)d of %(whole)d). Counted as −2, the score is %(score)s.")
    return let_go % words


def _comparative(figures: Attainment) -> str:
    if not figures.let_go_late or figures.comparative is None:
        return ""
    words = {"count": figures.let_go_late, "score": points(figures.comparative)}
    return (
        ngettext(
            "One was let go after half its time or below its line, so it counts as −1 wherever scores are compared:"
            " %(score)s.",
            "%(count)d were let go after half their time or below their line, so they count as −1 wherever scores are"
            " compared: %(score)s.",
            figures.let_go_late,
        )
        % words
    )


def _outside_reserve(figures: Attainment) -> str:
    if figures.score is None:
        return ""
    if figures.outside_reserve is None:
        return _("All figures are from reserve weeks.")
    if abs(figures.outside_reserve - figures.score) < SAME:
        return ""
    return _("Without the figures of reserve weeks, it is %(score)s.") % {"score": points(figures.outside_reserve)}


def _unscored(figures: Attainment) -> str:
    waiting = figures.measured - figures.scored
    if not waiting:
        return ""
    return ngettext(
        "One is not yet scored: its newest check-in stands for it.",
        "%(count)d are not yet scored: their newest check-ins stand for them.",
        waiting,
    ) % {"count": waiting}

"""The summary that goes to the sponsor: what could be in it, what the leader let through, what the sponsor reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import cached_property

from coaching.models import Agreement, AgreementLine, AgreementVersion, LineKind, Session, SessionState
from cohorts.curriculum.behaviours import Behaviour
from cohorts.models import Membership
from cohorts.schedule.date_words import date_words
from cohorts.schedule.time_zones import local_date
from goals.models import Focus


@dataclass(frozen=True)
class SummaryLine:
    """One thing that could go to the sponsor, with what the leader decided about it, if anything."""

    kind: LineKind
    about: str
    words: str
    decided: AgreementLine | None = None

    @property
    def key(self) -> str:
        return f"{self.kind.value}:{self.about}"

    @property
    def text(self) -> str:
        return text_of(self.kind, self.words)

    @property
    def is_new(self) -> bool:
        """Not looked at yet, or worded anew since."""
        return self.decided is None or self.decided.words != self.words

    @property
    def is_ticked(self) -> bool:
        """Dates and plans go unless struck; a theme goes when the leader chooses it."""
        if self.decided is None:
            return self.kind != LineKind.THEME
        return not self.decided.is_struck


@dataclass(frozen=True)
class Summary:
    """Lines in their order, by kind. `lines` are all candidates for a leader, the shown ones for a sponsor."""

    lines: tuple[SummaryLine, ...]

    @cached_property
    def groups(self) -> list[tuple[str, list[SummaryLine]]]:
        return [
            (str(kind.label), found)
            for kind in LineKind
            if (found := [line for line in self.lines if line.kind == kind])
        ]

    @property
    def new(self) -> int:
        return sum(line.is_new for line in self.lines)


def candidates(agreement: Agreement, version: AgreementVersion) -> Summary:
    """Everything the ticks of this version let through, for the leader to look at."""
    decided = {(line.kind, line.about): line for line in agreement.lines.filter(sponsor=version.sponsor_id)}
    lines = [
        SummaryLine(kind, about, words, decided.get((kind.value, about)))
        for kind, about, words in _things(agreement, version)
    ]
    return Summary(tuple(lines))


def shown_to(sponsor: Membership, agreement: Agreement) -> Summary:
    """What this sponsor reads, in the words the leader saw."""
    lines = AgreementLine.objects.visible_to(sponsor).filter(agreement=agreement, is_struck=False, sponsor=sponsor)
    return Summary(tuple(SummaryLine(LineKind(line.kind), line.about, line.words, line) for line in lines))


def text_of(kind: LineKind, words: str) -> str:
    """The words of a line for its reader: dates and behaviours in their language, plans as they were written."""
    if kind == LineKind.DATE:
        return date_words(date.fromisoformat(words))
    if kind == LineKind.THEME:
        return str(Behaviour(words).label)
    return words


def _things(agreement: Agreement, version: AgreementVersion) -> Iterable[tuple[LineKind, str, str]]:
    if version.tells_dates:
        held = Session.objects.filter(pairing=agreement.pairing_id, state=SessionState.HELD).order_by("starts_at")
        for pk, starts_at in held.values_list("pk", "starts_at"):
            yield LineKind.DATE, str(pk), local_date(starts_at, agreement.pairing.leader.zone).isoformat()
    if version.tells_themes:
        for behaviour in Behaviour:
            yield LineKind.THEME, behaviour.value, behaviour.value
    if version.tells_goals:
        leader = agreement.pairing.leader_id
        for focus in Focus.objects.current().filter(enrolment__leader=leader, enrolment__left_on=None):
            yield LineKind.GOAL, str(focus.pk), str(focus)

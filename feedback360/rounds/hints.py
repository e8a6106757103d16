"""What a list of raters will lead to, in kind sentences for the leader."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback360.rounds.groups import BY_ITSELF, COLLEAGUES, PEER, TEAM, Outlook


@dataclass(frozen=True, slots=True)
class Hint:
    """One sentence; `tone` is one of the kit's."""

    tone: str
    sentence: str


def hints_of(outlooks: Iterable[Outlook]) -> list[Hint]:
    """First what the list as it stands leads to, then what a few more names would change."""
    by_relation = {outlook.relation: outlook for outlook in outlooks}
    team, peers = by_relation[TEAM], by_relation[PEER]
    return [*_stands(team, peers), *(_more(each) for each in (team, peers) if _is_worth_more(each))]


def _stands(team: Outlook, peers: Outlook) -> Iterable[Hint]:
    if COLLEAGUES in (team.group, peers.group):
        yield Hint("good", _("Your team and your peers can be shown together."))
        return
    for outlook in (team, peers):
        if outlook.group == BY_ITSELF[outlook.relation]:
            yield Hint("good", _by_itself(outlook.relation))
    if not team.group and not peers.group and team.invited + peers.invited:
        yield Hint("asks", _("There are too few names yet to show anything, so nobody would be asked."))


def _by_itself(relation: str) -> str:
    return _("Your team can be shown by itself.") if relation == TEAM else _("Your peers can be shown by themselves.")


def _is_worth_more(outlook: Outlook) -> bool:
    """A few more names would let this group stand by itself. Nobody is asked to find eight peers from nothing."""
    return outlook.missing > 0 and (outlook.invited > 0 or outlook.relation == TEAM)


def _more(outlook: Outlook) -> Hint:
    if outlook.relation == TEAM:
        sentence = ngettext(
            "%(count)d more team member, and your team can be shown by itself.",
            "%(count)d more team members, and your team can be shown by itself.",
            outlook.missing,
        )
    else:
        sentence = ngettext(
            "%(count)d more peer, and your peers can be shown by themselves.",
            "%(count)d more peers, and your peers can be shown by themselves.",
            outlook.missing,
        )
    return Hint("waiting", sentence % {"count": outlook.missing})


def needed_now(replacements: dict[str, int]) -> list[str]:
    """Whom an open round asks for, one sentence a group. Says how many, never in whose place."""
    sentences = {
        "team": lambda count: ngettext(
            "%(count)d more person is needed in your team.", "%(count)d more people are needed in your team.", count
        ),
        "peers": lambda count: ngettext(
            "%(count)d more person is needed among your peers.",
            "%(count)d more people are needed among your peers.",
            count,
        ),
        "colleagues": lambda count: ngettext(
            "%(count)d more person is needed in your team or among your peers.",
            "%(count)d more people are needed in your team or among your peers.",
            count,
        ),
    }
    return [sentences[group](count) % {"count": count} for group, count in replacements.items() if count > 0]

"""Which groups of raters a leader's report can show, decided before anybody is asked. Pure.

The rule:

1. A group is expected to give `invited × response rate` answers, rounded down. It can be shown if that is at least the
   threshold k.
2. Team and peers are asked as two groups if both can be shown.
3. If one of them cannot, they are asked together, as *colleagues*, provided that the two together can be shown: nobody
   who was chosen is left out, and raters are told which group they are in.
4. If even together they cannot, neither is asked: nobody answers for nothing.
5. Manager and self are attributed, so they have no threshold: the manager is asked if there is one, the leader always.

A mail that failed counts as not invited, so what is counted here are people who can answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass

TEAM, PEER, MANAGER, SELF = "team", "peer", "manager", "self"
PEERS, COLLEAGUES = "peers", "colleagues"
NOT_ASKED = ""
BY_ITSELF = {TEAM: TEAM, PEER: PEERS, MANAGER: MANAGER, SELF: SELF}  # relation -> the group it forms alone


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to be expected of one relation: the group it will be in, and how many more would let it stand alone."""

    relation: str
    invited: int
    expected: int
    group: str
    missing: int


RELATIONS_OF = {TEAM: (TEAM,), PEERS: (PEER,), COLLEAGUES: (TEAM, PEER)}  # group with a threshold -> who is in it


def expected_answers(invited: int, response_rate: int) -> int:
    """How many of the invited are expected to answer; `response_rate` in per cent."""
    return invited * response_rate // 100


def needed(*, threshold: int, response_rate: int) -> int:
    """The smallest number of invited people whose group can be shown."""
    return -(-threshold * 100 // response_rate)


def plan_groups(invited: Mapping[str, int], *, threshold: int, response_rate: int) -> dict[str, str]:
    """The group of each relation, NOT_ASKED for those that are not asked. `invited` counts people by relation."""
    team, peers = invited.get(TEAM, 0), invited.get(PEER, 0)
    enough = needed(threshold=threshold, response_rate=response_rate)
    present = [relation for relation, count in ((TEAM, team), (PEER, peers)) if count]
    planned = {TEAM: NOT_ASKED, PEER: NOT_ASKED}
    if all(invited[relation] >= enough for relation in present):
        planned |= {relation: BY_ITSELF[relation] for relation in present}
    elif team + peers >= enough:
        planned |= dict.fromkeys(present, COLLEAGUES)
    return planned | {MANAGER: MANAGER if invited.get(MANAGER) else NOT_ASKED, SELF: SELF}


def outlook(invited: Mapping[str, int], *, threshold: int, response_rate: int) -> list[Outlook]:
    """Team and peers as the plan has them now."""
    planned = plan_groups(invited, threshold=threshold, response_rate=response_rate)
    enough = needed(threshold=threshold, response_rate=response_rate)
    return [
        Outlook(
            relation=relation,
            invited=invited.get(relation, 0),
            expected=expected_answers(invited.get(relation, 0), response_rate),
            group=planned[relation],
            missing=max(0, enough - invited.get(relation, 0)),
        )
        for relation in (TEAM, PEER)
    ]


def can_reach(groups: Mapping[str, str], invited: Mapping[str, int], *, threshold: int, response_rate: int) -> bool:
    """Whether every group that is asked can still be shown, with the people who can answer now."""
    enough = needed(threshold=threshold, response_rate=response_rate)
    return all(count >= enough for count in by_group(groups, invited).values())


def by_group(groups: Mapping[str, str], invited: Mapping[str, int]) -> dict[str, int]:
    """How many people are in each group with a threshold, by relation invited."""
    found: dict[str, int] = {}
    for relation in (TEAM, PEER):
        group = groups.get(relation, NOT_ASKED)
        if group:
            found[group] = found.get(group, 0) + invited.get(relation, 0)
    return found

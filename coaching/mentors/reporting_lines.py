"""Who stands above and below whom: through managers and sponsors, at any depth. A loop is followed once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cohorts.models import Enrolment, Membership


@dataclass(slots=True)
class ReportingLines:
    """Both directions of the lines of an organisation."""

    above: Mapping[int, set[int]] = field(default_factory=dict)
    below: Mapping[int, set[int]] = field(default_factory=dict)

    def of(self, member_id: int) -> frozenset[int]:
        """Everybody above and everybody below, without themselves."""
        return (_reached(member_id, self.above) | _reached(member_id, self.below)) - {member_id}


def lines_from(pairs: Iterable[tuple[int, int | None]]) -> ReportingLines:
    """From pairs of somebody and the one they report to."""
    above, below = defaultdict(set), defaultdict(set)
    for lower, upper in pairs:
        if upper is not None:
            above[lower].add(upper)
            below[upper].add(lower)
    return ReportingLines(dict(above), dict(below))


def reporting_lines() -> ReportingLines:
    """The lines of the open organisation, in one query."""
    managers = Membership.objects.filter(manager__isnull=False).order_by()
    sponsors = Enrolment.objects.active().filter(sponsor__isnull=False).order_by()
    return lines_from(managers.values_list("pk", "manager").union(sponsors.values_list("leader", "sponsor")))


def _reached(start: int, steps: Mapping[int, set[int]]) -> frozenset[int]:
    seen: set[int] = set()
    ahead = [start]
    while ahead:
        for other in steps.get(ahead.pop(), ()):
            if other not in seen:
                seen.add(other)
                ahead.append(other)
    return frozenset(seen)

"""Who needs attention in a cohort, grouped by reason, since one act helps everybody in a group. No database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.enrolment.roster import RosterLine
from cohorts.enrolment.sponsors import SponsorLine
from cohorts.enrolment.status import Key
from cohorts.schedule.date_words import date_words, fill

NAMES = 3
BOTH = 2


class Act(StrEnum):
    """What an admin can do for a group or for leaders they have chosen. The value stands in addresses."""

    RESEND = "resend"
    TELL = "tell"
    WRITE = "write"
    PAUSE = "pause"
    SPONSOR = "sponsor"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Group:
    """People with the same reason. `about` are the keys the act is posted with: enrolments, or sponsors to write to."""

    key: str
    tone: str
    title: str
    why: str
    people: int
    act: Act | None = None
    act_label: str = ""
    about: tuple[int, ...] = ()


def groups_of(lines: Sequence[RosterLine], sponsors: Iterable[SponsorLine]) -> list[Group]:
    """The most urgent reason first; reasons that nobody has are left out."""
    found = (_locked_out(lines), _mail_failed(lines), _quiet(lines), _silent(sponsors))
    return [group for group in found if group.people]


def names_of(names: Sequence[str]) -> str:
    """Up to three names, then how many more."""
    if len(names) <= 1:
        return "".join(names)
    if len(names) <= NAMES:
        return _("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}
    more = len(names) - NAMES + 1
    return ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", more) % {
        "names": ", ".join(names[: NAMES - 1]),
        "count": more,
    }


def _locked_out(lines: Iterable[RosterLine]) -> Group:
    out = [(line, line.sign_in) for line in lines if line.status.key == Key.NOT_SIGNED_IN and line.sign_in]
    out = [(line, sign_in) for line, sign_in in out if sign_in.is_trouble]
    again = tuple(line.enrolment_id for line, sign_in in out if sign_in.is_expired)
    expired, failed = len(again), len(out) - len(again)
    parts = [
        ngettext("%(count)d invitation expired", "%(count)d invitations expired", expired) % {"count": expired},
        ngettext("%(count)d mail didn’t arrive", "%(count)d mails didn’t arrive", failed) % {"count": failed},
    ]
    why = ", ".join(part for part, count in zip(parts, (expired, failed), strict=True) if count)
    return Group(
        key=Key.NOT_SIGNED_IN,
        tone="trouble",
        title=ngettext("%(count)d hasn’t signed in", "%(count)d haven’t signed in", len(out)) % {"count": len(out)},
        why=f"{why}: {names_of([line.name for line, _sign_in in out])}.",
        people=len(out),
        act=Act.RESEND if again else None,
        act_label=ngettext("Resend %(count)d", "Resend %(count)d", expired) % {"count": expired},
        about=again,
    )


def _mail_failed(lines: Iterable[RosterLine]) -> Group:
    out = [line for line in lines if line.status.key == Key.MAIL_FAILED]
    title = ngettext("%(count)d mail failed today", "%(count)d mails failed today", len(out)) % {"count": len(out)}
    return Group(Key.MAIL_FAILED, "trouble", title, f"{names_of([line.name for line in out])}.", len(out))


def _quiet(lines: Iterable[RosterLine]) -> Group:
    out = [line for line in lines if line.status.key == Key.QUIET]
    told = [line for line in out if line.sponsor_id is not None]
    why = _("Five of their own working days or more: %(names)s.") % {"names": names_of([line.name for line in out])}
    return Group(
        key=Key.QUIET,
        tone="asks",
        title=ngettext("%(count)d has gone quiet", "%(count)d have gone quiet", len(out)) % {"count": len(out)},
        why=why,
        people=len(out),
        act=Act.TELL if told else None,
        act_label=ngettext("Tell sponsor", "Tell sponsors", len({line.sponsor_id for line in told})),
        about=tuple(line.enrolment_id for line in told),
    )


def _silent(sponsors: Iterable[SponsorLine]) -> Group:
    out = [sponsor for sponsor in sponsors if sponsor.is_silent]
    leaders = sum(sponsor.leaders for sponsor in out)
    seen = [sponsor.seen_on for sponsor in out if sponsor.seen_on]
    names = names_of([sponsor.name for sponsor in out])
    parts = {"names": names, "date": date_words(max(seen), "MONTH_DAY_FORMAT") if seen else "", "count": leaders}
    if len(seen) == len(out):
        why = ngettext(
            "%(names)s: nothing opened since %(date)s. They support %(count)d leader.",
            "%(names)s: nothing opened since %(date)s. They support %(count)d leaders.",
            leaders,
        )
    else:
        why = ngettext(
            "%(names)s: nothing opened for more than a week. They support %(count)d leader.",
            "%(names)s: nothing opened for more than a week. They support %(count)d leaders.",
            leaders,
        )
    title = ngettext("%(count)d sponsor is silent", "%(count)d sponsors are silent", len(out)) % {"count": len(out)}
    return Group(
        key="silent",
        tone="asks",
        title=title,
        why=fill(why, parts),
        people=len(out),
        act=Act.WRITE,
        act_label=_("Write to both") if len(out) == BOTH else ngettext("Write to them", "Write to all", len(out)),
        about=tuple(sponsor.pk for sponsor in out),
    )

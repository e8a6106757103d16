"""What ends and what stays when a membership ends, in sentences. Pure: over `facts`.

`is_own`: the member reads it about themself.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programme.membership.facts import Facts


@dataclass(frozen=True, slots=True)
class Consequences:
    """`first` are what others depend on: somebody else has to take it over before."""

    first: tuple[str, ...]
    goes: tuple[str, ...]
    stays: tuple[str, ...]


def consequences_of(facts: Facts, *, is_own: bool) -> Consequences:
    return Consequences(tuple(handed_over_first(facts)), tuple(_goes(facts, is_own)), tuple(_stays(facts, is_own)))


def handed_over_first(facts: Facts) -> list[str]:
    """What stops an end of membership, in sentences that fit both readers."""
    found = []
    if facts.sponsored:
        found.append(
            ngettext(
                "The sponsor of %(count)d leader: choose another one first.",
                "The sponsor of %(count)d leaders: choose another one for each first.",
                facts.sponsored,
            )
            % {"count": facts.sponsored}
        )
    if facts.hosted:
        found.append(
            ngettext(
                "The host of %(count)d date that guests have a place on: cancel it first.",
                "The host of %(count)d dates that guests have a place on: cancel them first.",
                facts.hosted,
            )
            % {"count": facts.hosted}
        )
    return found


def _goes(facts: Facts, is_own: bool) -> list[str]:
    if is_own:
        access = _("You cannot open this organisation any more, from this moment on, on any device.")
        mails = _("You get no more mails. Links in earlier ones and your calendar feed stop working.")
    else:
        access = _("They cannot open this organisation any more, from this moment on, on any device.")
        mails = _("They get no more mails. Links in earlier ones and their calendar feed stop working.")
    counted = (
        (
            facts.places,
            ngettext(
                "%(count)d place in a cohort: the ninety days end.",
                "%(count)d places in cohorts: the ninety days end.",
                facts.places,
            ),
        ),
        (
            facts.partners,
            ngettext(
                "%(count)d pairing with a coach, mentor or leader ends.",
                "%(count)d pairings with coaches, mentors or leaders end.",
                facts.partners,
            ),
        ),
        (
            facts.talks,
            ngettext("%(count)d planned 1:1 is cancelled.", "%(count)d planned 1:1s are cancelled.", facts.talks),
        ),
        (
            facts.visits,
            ngettext(
                "%(count)d place on a visit is free again.",
                "%(count)d places on visits are free again.",
                facts.visits,
            ),
        ),
        (
            facts.asked,
            ngettext(
                "A request for 360 feedback about %(count)d leader is withdrawn, unless it has been answered.",
                "Requests for 360 feedback about %(count)d leaders are withdrawn, unless they have been answered.",
                facts.asked,
            ),
        ),
        (
            facts.rounds,
            _about_you(facts.rounds) if is_own else _about_them(facts.rounds),
        ),
        (
            facts.links,
            ngettext("%(count)d link of a team closes.", "%(count)d links of teams close.", facts.links),
        ),
        (
            facts.managed,
            ngettext(
                "%(count)d member reports to nobody from then on.",
                "%(count)d members report to nobody from then on.",
                facts.managed,
            ),
        ),
    )
    return [access, mails, *(sentence % {"count": count} for count, sentence in counted if count)]


def _about_you(rounds: int) -> str:
    return ngettext(
        "A 360 round goes on without a report about you.",
        "%(count)d rounds of 360 feedback go on without a report about you.",
        rounds,
    )


def _about_them(rounds: int) -> str:
    return ngettext(
        "A 360 round goes on without a report about this leader.",
        "%(count)d rounds of 360 feedback go on without a report about this leader.",
        rounds,
    )


def _stays(facts: Facts, is_own: bool) -> list[str]:
    counted = (
        (facts.practices, ngettext("%(count)d practice", "%(count)d practices", facts.practices)),
        (facts.reflections, ngettext("%(count)d reflection", "%(count)d reflections", facts.reflections)),
        (facts.goals, ngettext("%(count)d goal", "%(count)d goals", facts.goals)),
        (facts.teams, ngettext("%(count)d team", "%(count)d teams", facts.teams)),
        (facts.objectives, ngettext("%(count)d team objective", "%(count)d team objectives", facts.objectives)),
    )
    own = ", ".join(sentence % {"count": count} for count, sentence in counted if count)
    stays = []
    if own:
        stays.append(_("%(things)s. Nobody reads more of it than before.") % {"things": own})
    stays.append(_("Notes of 1:1s that were held, for the other person in them; released 360 reports and figures."))
    stays.append(
        _("With a new invitation you come back and find your own things again.")
        if is_own
        else _("With a new invitation they come back and find their own things again.")
    )
    return stays

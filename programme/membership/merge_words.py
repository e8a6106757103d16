"""What moves in a merge, in words. Pure: over `facts`."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programme.membership.facts import Facts


def moved_words(had: Facts) -> list[str]:
    """Counted, where there is something; then what is never counted, because it is private or too small to name."""
    counted = (
        (had.places, ngettext("%(count)d place in a cohort", "%(count)d places in cohorts", had.places)),
        (had.sponsored, ngettext("Sponsor of %(count)d leader", "Sponsor of %(count)d leaders", had.sponsored)),
        (had.managed, ngettext("Manager of %(count)d member", "Manager of %(count)d members", had.managed)),
        (had.partners, ngettext("%(count)d pairing", "%(count)d pairings", had.partners)),
        (had.practices, ngettext("%(count)d practice", "%(count)d practices", had.practices)),
        (had.reflections, ngettext("%(count)d reflection", "%(count)d reflections", had.reflections)),
        (had.goals, ngettext("%(count)d goal", "%(count)d goals", had.goals)),
        (had.teams, ngettext("%(count)d team", "%(count)d teams", had.teams)),
        (had.visits, ngettext("%(count)d place on a visit", "%(count)d places on visits", had.visits)),
    )
    words = [sentence % {"count": count} for count, sentence in counted if count]
    return [*words, _("1:1s, notes, what is shared with them, 360 and printed reports, if there are any.")]

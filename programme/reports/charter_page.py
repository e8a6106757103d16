"""A team's charter as a well-formed page to print. The members' names are on it only when the leader asked for them."""

from datetime import date

from django.template.loader import render_to_string

from cohorts.models import Organisation
from goals.models import Charter, Team


def charter_page(team: Team, organisation: Organisation, language: str, *, on: date, with_names: bool) -> str:
    """In the active language, which is `language`."""
    context = {
        "organisation": organisation,
        "language": language,
        "team": team,
        "charter": Charter.objects.filter(team=team).first(),
        "names": list(team.members.values_list("name", flat=True)) if with_names else [],
        "on": on,
    }
    return render_to_string("reports/charter.html", context)

"""Who can come to the dates that are offered: for admins."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from coaching.disclosure import MIN_PEOPLE
from coaching.hosting.fair_access import Pattern, Shift, report
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission

SHIFTS = {
    Shift.DAY: gettext_lazy("By day, from 6 to 15"),
    Shift.EVENING: gettext_lazy("In the evening, from 15 to 22"),
    Shift.NIGHT: gettext_lazy("At night"),
}
PATTERNS = {
    Pattern.WEEKDAYS: gettext_lazy("The same weekdays every week"),
    Pattern.ROTA: gettext_lazy("A rotating rota"),
}


@allow(Permission.RUN_COHORTS)
@require_safe
def hosting_access(request: MemberRequest) -> HttpResponse:
    found = report(request.now)
    context = {
        "found": found,
        "shifts": [(SHIFTS[Shift(each.key)], each) for each in found.by_shift],
        "patterns": [(PATTERNS[each.pattern], each) for each in found.by_pattern],
        "left_out": [PATTERNS[each] for each in found.left_out],
        "smallest": MIN_PEOPLE,
    }
    return render(request, "coaching/hosting/access.html", context)

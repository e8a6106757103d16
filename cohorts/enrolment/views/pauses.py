"""Days away of a cohort, and ending any pause."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cohorts.enrolment.actions.enrolments import end_pause, pause
from cohorts.enrolment.forms.away import AwayForm
from cohorts.models import Cohort, Pause
from cohorts.schedule.time_zones import local_date
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def cohort_pauses(request: MemberRequest, pk: int) -> HttpResponse:
    cohort = get_object_or_404(Cohort, pk=pk)
    today = local_date(request.now, cohort.zone)
    form = AwayForm(posted(request), today=today)

    def save() -> HttpResponse:
        added = pause(
            cohort=cohort, enrolment=None, today=today, by=request.membership, now=request.now, **form.cleaned_data
        )
        sentence = _("Saved for the whole cohort. The ninety days end that much later.")
        messages.success(request, sentence, extra_tags=reverse("pause_ending", args=[added.pk]))
        return redirect("cohort_pauses", cohort.pk)

    ahead = cohort.pauses.filter(enrolment=None, ends_on__gte=today)
    context = {"cohort": cohort, "pauses": ahead, "today": today}
    return form_page(request, form, save, "cohorts/cohort_pauses.html", context)


@allow(Permission.RUN_COHORTS)
@require_POST
def pause_ending(request: MemberRequest, pk: int) -> HttpResponse:
    found: Pause = get_object_or_404(Pause.objects.select_related("cohort", "enrolment"), pk=pk)
    zone = (found.enrolment or found.cohort).zone
    today = local_date(request.now, zone)
    cohort_id, enrolment_id = found.cohort_id, found.enrolment_id
    end_pause(pause=found, today=today, by=request.membership, now=request.now)
    messages.success(request, _("Done. Those days count again."))
    if enrolment_id:
        return redirect("enrolment", enrolment_id)
    return redirect("cohort_pauses", cohort_id)

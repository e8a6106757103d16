"""An admin says which KPIs there are and how they are measured."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cohorts.web.edit_form import SAVED_TOGETHER
from cohorts.web.forms import form_page, posted
from cohorts.web.http import MemberRequest, allow
from cohorts.web.permissions import Permission
from cohorts.web.revisions import lock
from goals.figures.actions.kpis import KpiWords, archive_kpi, change_kpi, define_kpi, return_kpi, write_method
from goals.figures.forms.kpi import KpiForm, MethodForm
from goals.models import Kpi
from goals.reserve import monday_of


@allow(Permission.RUN_COHORTS)
@require_GET
def kpis(request: MemberRequest) -> HttpResponse:
    """Every KPI, and how many teams follow it."""
    followed = Count("followed", filter=Q(followed__stopped_on=None))
    rows = Kpi.objects.annotate(teams=followed).prefetch_related("methods").order_by("name")
    context = {
        "current": [kpi for kpi in rows if kpi.archived_on is None],
        "archived": [kpi for kpi in rows if kpi.archived_on],
    }
    return render(request, "goals/figures/kpis.html", context)


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def kpi_new(request: MemberRequest) -> HttpResponse:
    """A new KPI; next, how it is measured."""
    form = KpiForm(posted(request))

    def save() -> HttpResponse:
        kpi = define_kpi(words=form.words(), by=request.membership, now=request.now)
        return redirect("kpi_method", pk=kpi.pk)

    return form_page(request, form, save, "goals/figures/kpi_form.html")


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def kpi(request: MemberRequest, pk: int) -> HttpResponse:
    """What a KPI is, and how it was and is measured."""
    kpi = get_object_or_404(Kpi.objects.prefetch_related("methods"), pk=pk)
    if request.method == "POST":
        lock(kpi)
    initial = {name: getattr(kpi, name) for name in KpiWords.__slots__}
    form = KpiForm(posted(request), initial=initial, revision=kpi.revision)

    def save() -> HttpResponse:
        change_kpi(kpi=kpi, words=form.words(), by=request.membership, now=request.now, expected_revision=form.revision)
        messages.success(request, SAVED_TOGETHER if form.took_over else _("Saved."))
        return redirect("kpis")

    return form_page(request, form, save, "goals/figures/kpi_form.html", {"kpi": kpi})


@allow(Permission.RUN_COHORTS)
@require_http_methods(["GET", "HEAD", "POST"])
def kpi_method(request: MemberRequest, pk: int) -> HttpResponse:
    """How it is measured from a Monday on."""
    kpi = get_object_or_404(Kpi.objects.prefetch_related("methods"), pk=pk)
    initial = {"from_on": monday_of(request.today)}
    form = MethodForm(posted(request), kpi=kpi, initial=initial)

    def save() -> HttpResponse:
        write_method(kpi=kpi, method=form.method(), by=request.membership, now=request.now)
        messages.success(request, _("Saved."))
        return redirect("kpis")

    return form_page(request, form, save, "goals/figures/method.html", {"kpi": kpi})


@allow(Permission.RUN_COHORTS)
@require_POST
def kpi_archiving(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a KPI off every page, with Undo."""
    kpi = get_object_or_404(Kpi, pk=pk)
    archive_kpi(kpi=kpi, today=request.today, by=request.membership, now=request.now)
    sentence = _("%(kpi)s is off all pages. Its figures are kept.") % {"kpi": kpi.name}
    messages.success(request, sentence, extra_tags=reverse("kpi_return", args=[pk]))
    return redirect("kpis")


@allow(Permission.RUN_COHORTS)
@require_POST
def kpi_return(request: MemberRequest, pk: int) -> HttpResponse:
    """Undo that."""
    return_kpi(kpi=get_object_or_404(Kpi, pk=pk), by=request.membership, now=request.now)
    return redirect("kpis")

"""Unsubscribe links in mails (RFC 8058): GET shows a page, POST changes the setting, with a way back."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt  # noqa: TID251
from django.views.decorators.http import require_http_methods, require_safe
from django_ratelimit.decorators import ratelimit

from coaching.calendars.choices import StopLink, Switch, choice_of, read_stop, set_mails
from cohorts.enrolment.actions.enrolments import set_mail
from cohorts.mail.signed_links import BadLink, MailLink, read_digest, read_nudge
from cohorts.models import Enrolment, Membership, Organisation
from cohorts.people.actions.members import set_digest
from cohorts.tenancy.wall import within
from cohorts.web.dead_links import Reason, dead_link
from feedback360.models import Rater
from feedback360.rounds.actions.reminding import set_rater_mails
from feedback360.rounds.rater_links import read_stop as read_rater_stop


def per_link(group: str, request: HttpRequest) -> str:
    """Rate-limit per link: a mail provider sends many one-click requests from few addresses."""
    return request.path_info


# A mail program posts here without a cookie. The signed link authenticates, for this change alone.
@csrf_exempt
@ratelimit(key=per_link, rate="20/m")
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Switch nudges by mail off, or on again with `on=1`."""
    try:
        link = read_nudge(token)
    except BadLink:
        return dead_link(request, Reason.DAMAGED)
    with within(link.organisation_id):
        enrolment = Enrolment.objects.select_related("leader__person", "cohort").filter(pk=link.subject_id).first()
        if enrolment is None:
            return dead_link(request, Reason.REPLACED)
        leader, language = enrolment.leader, enrolment.leader.person.language
        if enrolment.left_on is not None or not leader.is_active or leader.link_version != link.version:
            return dead_link(request, Reason.REPLACED, language=language)
        if request.method == "POST":
            set_mail(enrolment=enrolment, is_on=_wants_mail(request), by=None, now=_now(link))
        with translation.override(language):
            return _page(request, is_on="mail" in enrolment.channels, is_digest=False)


@csrf_exempt
@ratelimit(key=per_link, rate="20/m")
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_digest(request: HttpRequest, token: str) -> HttpResponse:
    """Switch the weekly digest off, or on again with `on=1`."""
    try:
        link = read_digest(token)
    except BadLink:
        return dead_link(request, Reason.DAMAGED)
    with within(link.organisation_id):
        sponsor = Membership.objects.select_related("person").filter(pk=link.subject_id).first()
        if sponsor is None:
            return dead_link(request, Reason.REPLACED)
        if not sponsor.is_active or sponsor.link_version != link.version:
            return dead_link(request, Reason.REPLACED, language=sponsor.person.language)
        if request.method == "POST":
            set_digest(membership=sponsor, is_on=_wants_mail(request), now=_now(link))
        with translation.override(sponsor.person.language):
            return _page(request, is_on=sponsor.digest_on, is_digest=True)


@csrf_exempt
@ratelimit(key=per_link, rate="20/m")
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_rater(request: HttpRequest, token: str) -> HttpResponse:
    """Switch the mails of a 360 round to one rater off, or on again with `on=1`."""
    try:
        link = read_rater_stop(token)
    except BadLink:
        return dead_link(request, Reason.DAMAGED)
    with within(link.organisation_id):
        rater = Rater.objects.filter(pk=link.rater_id).first()
        if rater is None or rater.erased_at is not None or rater.link_version != link.version:
            return dead_link(request, Reason.REPLACED, language=rater.language if rater else "")
        if request.method == "POST":
            rater.mails_on = _wants_mail(request)
            set_rater_mails(rater=rater, is_on=rater.mails_on)
        with translation.override(rater.language):
            return _page(request, is_on=rater.mails_on, is_rater=True)


@csrf_exempt
@ratelimit(key=per_link, rate="20/m")
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_coaching(request: HttpRequest, token: str) -> HttpResponse:
    """Switch calendar invitations or coaching reminders by mail off, or on again with `on=1`."""
    try:
        link = read_stop(token)
    except BadLink:
        return dead_link(request, Reason.DAMAGED)
    with within(link.organisation_id):
        member = Membership.objects.select_related("person").filter(pk=link.member_id).first()
        if member is None:
            return dead_link(request, Reason.REPLACED)
        if not member.is_active or member.link_version != link.version:
            return dead_link(request, Reason.REPLACED, language=member.person.language)
        if request.method == "POST":
            set_mails(member=member, switch=link.switch, is_on=_wants_mail(request), by=None, now=_now(link))
        is_on = getattr(choice_of(member), link.switch)
        with translation.override(member.person.language):
            return _page(
                request,
                is_on=is_on,
                is_invitations=link.switch == Switch.INVITATIONS,
                is_reminders=link.switch == Switch.REMINDERS,
            )


@require_safe
def damaged_link(request: HttpRequest) -> HttpResponse:
    """What is left of a link whose address was broken before or inside its token."""
    return dead_link(request, Reason.DAMAGED)


def _wants_mail(request: HttpRequest) -> bool:
    return request.POST.get("on") == "1"


def _now(link: MailLink | StopLink) -> datetime:
    return Organisation.objects.get(pk=link.organisation_id).now(timezone.now())


def _page(request: HttpRequest, **context: bool) -> HttpResponse:
    response = render(request, "front/mails.html", {**context, "was_changed": request.method == "POST"})
    response["Referrer-Policy"] = "no-referrer"
    return response

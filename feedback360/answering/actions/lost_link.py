"""A rater's own settings: the language of their pages and mails, and their link once more."""

from datetime import datetime, timedelta

from django.db.models import Max
from django.db.models.functions import Lower

from cohorts.tenancy.wall import Across, across_organisations, within
from cohorts.web.addresses import plain_address
from feedback360.models import Rater, RaterMail, Round, State
from feedback360.rounds.rater_rules import ANSWERING

MAX_LINKS_AGAIN = 5  # in one round, so that nobody's mailbox is filled by others
PAUSE = timedelta(minutes=10)


def set_language(*, rater_id: int, link_version: int, language: str) -> bool:
    """Whether the link was still theirs."""
    mine = Rater.objects.filter(pk=rater_id, link_version=link_version, erased_at=None)
    return mine.update(language=language) == 1


def send_link_again(*, email: str, now: datetime) -> None:
    """Send the links of every open round this address is asked in. Says nothing about whether there are any."""
    address = plain_address(email)
    with across_organisations(Across.RATER, email=address):
        found = Rater.objects.annotate(address=Lower("email")).filter(address=address, erased_at=None)
        raters = list(found.values_list("organisation_id", "pk"))
    for organisation_id, rater_id in raters:
        with within(organisation_id):
            _write_mail(rater_id, now)


def _write_mail(rater_id: int, now: datetime) -> None:
    rater = Rater.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=rater_id)
    now = rater.organisation.now(now)
    open_rounds = Round.objects.filter(pk=rater.round_id, state=State.COLLECTING, closes_at__gt=now)
    if not open_rounds.exists() or not rater.requests.filter(state__in=ANSWERING).exists():
        return
    sent = RaterMail.objects.filter(rater=rater, kind=RaterMail.Kind.LINK).aggregate(
        number=Max("number"), due_at=Max("due_at")
    )
    number, last = sent["number"] or 0, sent["due_at"]
    if number < MAX_LINKS_AGAIN and (last is None or last + PAUSE <= now):
        RaterMail.objects.create(rater=rater, kind=RaterMail.Kind.LINK, number=number + 1, due_at=now, not_before=now)

"""Ask leaders of an open round for more raters, at the instants fixed by its dates."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Exists, OuterRef

from cohorts.models.mail import MailState
from feedback360.models import MemberMail, RaterMail, Request, RequestState, Round, State, Subject
from feedback360.rounds.groups import by_group, needed
from feedback360.rounds.rater_rules import NOMINATED
from feedback360.rounds.replacements import last_look, missing


@transaction.atomic
def ask_replacements(*, round_: Round, now: datetime) -> int:
    """Look through the round if an instant to do so has come, and write to leaders who need more raters.

    A group needs more when the people in it who neither declined nor are out of reach by mail can no longer be
    expected to give enough answers. Returns how many leaders were asked. Idempotent.
    """
    round_ = Round.objects.select_for_update(no_key=True).get(pk=round_.pk)
    look = last_look(round_.opens_at, round_.reminds_at, now)
    if round_.state != State.COLLECTING or now >= round_.reminds_at or look <= round_.looks:
        return 0
    round_.looks = look
    round_.save(update_fields=["looks"])
    enough = needed(threshold=round_.threshold, response_rate=round_.response_rate)
    present = _present(round_)
    short = []
    for subject in Subject.objects.select_related("enrolment").filter(round=round_, withdrawn_at=None):
        by_relation = {str(relation): present.get((subject.pk, relation), 0) for relation in NOMINATED}
        subject.replacements = missing(by_group(subject.groups, by_relation), enough)
        subject.save(update_fields=["replacements"])
        if subject.replacements:
            short.append(subject)
    MemberMail.objects.bulk_create(
        [
            MemberMail(
                round=round_,
                recipient_id=subject.enrolment.leader_id,
                kind=MemberMail.Kind.REPLACE,
                number=look,
                due_at=now,
                not_before=now,
            )
            for subject in short
        ],
        ignore_conflicts=True,
    )
    return len(short)


def _present(round_: Round) -> dict[tuple[int, str], int]:
    """By subject and relation: who answered, can still answer, or waits to be approved. Never told apart."""
    failed = RaterMail.objects.filter(
        rater=OuterRef("rater_id"), kind=RaterMail.Kind.INVITATION, state=MailState.FAILED
    )
    there = [RequestState.PROPOSED, RequestState.ASKED, RequestState.ANSWERED]
    rows = Request.objects.filter(subject__round=round_, relation__in=NOMINATED, state__in=there)
    counted = rows.exclude(Exists(failed), state=RequestState.ASKED).values("subject", "relation").order_by()
    return {(row["subject"], row["relation"]): row["count"] for row in counted.annotate(count=Count("pk"))}

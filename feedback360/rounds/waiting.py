"""What a round waits for from a leader or a sponsor, for their home pages. None of it changes when a rater answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohorts.models import Membership
from feedback360.models import Relation, Request, RequestState, State, Subject
from feedback360.rounds.round_rules import UNDER_WAY

NEWLY_RELEASED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do, with the address where it is done."""

    text: str
    url: str


def rounds_of_leader(*, now: datetime) -> ArraySubquery:
    """What `leader_tasks` reads, as part of a query for the leader's clock."""
    theirs = Request.objects.filter(subject=OuterRef("pk"))
    own = theirs.filter(relation=Relation.SELF, state=RequestState.ASKED)
    listed = theirs.exclude(state=RequestState.WITHDRAWN)
    is_new = Q(round__state=State.RELEASED, round__releases_at__gt=now - NEWLY_RELEASED, strength="")
    subjects = Subject.objects.filter(enrolment=OuterRef("enrolment"), withdrawn_at=None).filter(
        Q(round__state__in=UNDER_WAY) | is_new
    )
    found = subjects.annotate(has_own=Exists(own), has_list=Exists(listed)).order_by("round__opens_at")
    columns = JSONObject(subject="pk", state="round__state", has_own="has_own", has_list="has_list")
    return ArraySubquery(found.values(row=columns))


def leader_tasks(rounds: Sequence[Mapping[str, Any]]) -> list[Task]:
    """Choose raters, answer about oneself, read the report and choose from it."""
    return [task for each in rounds if (task := _task(each))]


def _task(row: Mapping[str, Any]) -> Task | None:
    if row["state"] == State.NOMINATING and not row["has_list"]:
        return Task(_("Choose who gives you feedback"), reverse("raters", args=[row["subject"]]))
    if row["state"] == State.COLLECTING and row["has_own"]:
        return Task(_("Answer the 360 about yourself"), reverse("feedback"))
    if row["state"] == State.RELEASED:
        return Task(_("Read how others see your leadership"), reverse("result", args=[row["subject"]]))
    return None


def tasks_of_sponsor(sponsor: Membership) -> list[Task]:
    """Lists to approve and leaders to answer about. One query."""
    mine = Q(subject__enrolment__sponsor=sponsor, subject__enrolment__left_on=None, state=RequestState.PROPOSED)
    asked = Q(rater__membership=sponsor, relation=Relation.MANAGER, state=RequestState.ASKED)
    open_ones = Request.objects.filter(subject__withdrawn_at=None, subject__round__state__in=UNDER_WAY)
    found = open_ones.aggregate(lists=Count("subject", filter=mine, distinct=True), answers=Count("pk", filter=asked))
    lists, answers = found["lists"], found["answers"]
    url, tasks = reverse("approvals"), []
    if lists:
        words = ngettext(
            "Approve who gives feedback to one leader", "Approve who gives feedback to %(n)d leaders", lists
        )
        tasks.append(Task(words % {"n": lists}, url))
    if answers:
        words = ngettext("Answer the 360 about one leader", "Answer the 360 about %(n)d leaders", answers)
        tasks.append(Task(words % {"n": answers}, url))
    return tasks

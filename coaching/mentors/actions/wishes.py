"""Up to three mentors a leader would like, in their order."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.mentors.finding import barrier_between
from coaching.mentors.matching import Barrier
from coaching.mentors.refusal_words import why_not
from coaching.models import MAX_WISHES, MentorProfile, MentorWish
from cohorts.models import Membership
from cohorts.web.refusals import NotNow, NotYours


@transaction.atomic
def wish(*, profile: MentorProfile, by: Membership) -> MentorWish:
    """Put a mentor on the list, last. Idempotent."""
    take_turns(by)
    what = barrier_between(by, profile)
    if what not in (None, Barrier.FULL, Barrier.CLOSED):
        raise NotNow(why_not(what))
    known = MentorWish.objects.filter(leader=by, profile=profile).first()
    return known or MentorWish.objects.create(leader=by, profile=profile, rank=_free_rank(by))


@transaction.atomic
def take_wish_away(*, wish: MentorWish, by: Membership) -> None:
    """Take one off; those below move up. A place in the queue goes with it."""
    _ensure_own(wish, by)
    take_turns(by)
    wish.delete()
    for rank, other in enumerate(MentorWish.objects.filter(leader=by).order_by("rank"), start=1):
        if other.rank != rank:
            MentorWish.objects.filter(pk=other.pk).update(rank=rank)


@transaction.atomic
def wish_sooner(*, wish: MentorWish, by: Membership) -> None:
    """Swap it with the one before it. The first one stays."""
    _ensure_own(wish, by)
    take_turns(by)
    mine = list(MentorWish.objects.filter(leader=by).order_by("rank"))
    at = next((number for number, each in enumerate(mine) if each.pk == wish.pk), 0)
    if at:
        before, this = mine[at - 1], mine[at]
        MentorWish.objects.filter(pk=this.pk).update(rank=before.rank)
        MentorWish.objects.filter(pk=before.pk).update(rank=this.rank)


def wait(*, profile: MentorProfile, words: str, leader: Membership, now: datetime) -> MentorWish:
    """Stand in the queue of a locked profile, as one of three wishes. Those who wait already keep their place."""
    found = MentorWish.objects.filter(leader=leader, profile=profile).first()
    found = found or MentorWish(leader=leader, profile=profile, rank=_free_rank(leader))
    found.words, found.waiting_since = words.strip(), found.waiting_since or now
    found.save()
    return found


def take_turns(leader: Membership) -> None:
    """Serialise a leader's wishes and requests. An action that holds a profile as well takes that lock first."""
    Membership.objects.select_for_update(no_key=True).values_list("pk").get(pk=leader.pk)


def may_take_turns(leader: Membership) -> bool:
    """The same without waiting: False while the leader is about something themselves."""
    rows = Membership.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=leader.pk)
    return bool(rows.values_list("pk"))


def _free_rank(leader: Membership) -> int:
    used = set(MentorWish.objects.filter(leader=leader).values_list("rank", flat=True))
    rank = next((each for each in range(1, MAX_WISHES + 1) if each not in used), None)
    if rank is None:
        raise NotNow(_("You have three wishes already. Take one away first."))
    return rank


def _ensure_own(wish: MentorWish, by: Membership) -> None:
    if wish.leader_id != by.pk:
        raise NotYours(_("These are someone else's wishes."))

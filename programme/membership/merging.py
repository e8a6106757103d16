"""Make one membership out of two of the same person, who came in under two addresses.

One address stays, and with it one membership, which takes over what the other one has, as `merge_table` decides.
The other one ends like any membership. Its content opens to another mailbox, so a merge waits a day as a new address
does (decision 58).
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from coaching.meetings.actions.pairings import end_pairing
from coaching.meetings.private_notes import hand_over_notes
from coaching.models import MentorWish, Pairing, PairingKind, PairingState
from cohorts.audit import record
from cohorts.models import Enrolment, Membership, Organisation, Role
from cohorts.people.actions.members import change_sponsor, start_digest_clocks
from cohorts.people.imports.values import shut_out_sentence
from cohorts.people.ownership import ensure_an_owner_stays
from cohorts.people.policies import POWERFUL
from cohorts.tenancy.wall import OrganisationOwned, current_organisation_id
from cohorts.web.refusals import NotNow
from cohorts.web.revisions import lock, save_revision
from feedback360.models import Subject
from feedback360.rounds.actions.members import follow_member, join_raters
from goals.models import Team
from programme.membership.actions import end_everything
from programme.membership.correction_rules import ensure_key_may_touch, ensure_may_correct, ensure_may_move
from programme.membership.facts import Facts, facts_of
from programme.membership.merge_table import TABLE, Clash, Key, Way


@dataclass
class Merged:
    """What the one that ends had before, rows moved and left by `app.model.field`, and what was decided, in words."""

    had: Facts
    moved: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    decided: list[str] = field(default_factory=list)


@transaction.atomic
def merge(*, kept: Membership, gone: Membership, by: Membership, now: datetime) -> Merged:
    """Move what is the person's own from `gone` to `kept`, and end `gone`.

    Raises NotYours, and NotNow with what an admin has to end first.
    """
    ensure_an_owner_stays(gone)
    for member in sorted((kept, gone), key=lambda each: each.pk):
        lock(member)
    ensure_can_merge(kept, gone, by)
    done = Merged(had=facts_of(gone, now=now))
    _let_go_of_themself(kept, gone, done, by, now)
    for key in TABLE:
        if key.way == Way.MOVES:
            _move(key, kept, gone, done)
    hand_over_notes(before=gone, after=kept)
    _take_roles(kept, gone, done, now)
    follow_member(member=kept, now=now)
    _say_what_stays(done)
    organisation = Organisation.objects.get(pk=current_organisation_id())
    end_everything(member=gone, by=by, organisation=organisation, now=now)
    record(by=by, verb="merged members", thing=kept, now=now, other=gone.pk)
    return done


def rehearse(*, kept: Membership, gone: Membership, by: Membership, now: datetime) -> Merged:
    """Merge and roll back: what the preview shows. Raises as `merge` does."""
    with transaction.atomic():
        done = merge(kept=kept, gone=gone, by=by, now=now)
        transaction.set_rollback(True)
    for member in (kept, gone):
        member.refresh_from_db()
    return done


def ensure_can_merge(kept: Membership, gone: Membership, by: Membership) -> None:
    for member in (kept, gone):
        ensure_may_correct(by, member)
        ensure_key_may_touch(by, member)
        if member.suspended_at is not None:
            raise NotNow(shut_out_sentence(member.name))
    ensure_may_move(by, gone)
    if kept.pk == gone.pk:
        raise NotNow(_("This is the same membership."))
    places = Enrolment.objects.walking().filter(leader__in=[kept, gone]).select_related("cohort")
    if len({place.leader_id for place in places}) > 1:
        names = ", ".join(sorted({place.cohort.name for place in places}))
        raise NotNow(
            _("Both are on their ninety days (%(cohorts)s). Remove one of them from its cohort first.")
            % {"cohorts": names}
        )
    for place in Enrolment.objects.active().filter(leader=gone).select_related("cohort"):
        if Enrolment.objects.filter(leader=kept, cohort=place.cohort_id).exists():
            sentence = _(
                "Both have a place in %(cohort)s. Keep the address whose place goes on, and remove the other from the "
                "cohort first."
            )
            raise NotNow(sentence % {"cohort": place.cohort.name})
    if Team.objects.filter(leader=kept).exists() and Team.objects.filter(leader=gone).exists():
        raise NotNow(_("Both lead a team, and a leader can have only one."))


def _let_go_of_themself(kept: Membership, gone: Membership, done: Merged, by: Membership, now: datetime) -> None:
    """Nobody is their own sponsor, manager, coach or rater."""
    both = (kept, gone)
    for enrolment in Enrolment.objects.filter(leader__in=both, sponsor__in=both):
        change_sponsor(enrolment=enrolment, sponsor=None, by=by, now=now)
        done.decided.append(_("They would be their own sponsor, so that place is left without one."))
    if kept.manager_id in (None, gone.pk):
        kept.manager_id = gone.manager_id if gone.manager_id != kept.pk else None
        kept.save(update_fields=["manager"])
    Subject.objects.filter(enrolment__leader__in=both, manager__in=both).update(manager=None)
    MentorWish.objects.filter(leader__in=both, profile__member__in=both).delete()
    _end_talks(kept, gone, done, by, now)
    _ask_once(kept, gone, done, now)


def _end_talks(kept: Membership, gone: Membership, done: Merged, by: Membership, now: datetime) -> None:
    """End pairings between the two, and the sponsor pairing of `gone` where `kept` has one."""
    organisation = Organisation.objects.get(pk=current_organisation_id())
    between = Pairing.objects.filter(leader__in=(kept, gone), partner__in=(kept, gone))
    for pairing in between.filter(state=PairingState.REQUESTED):
        save_revision(pairing, state=PairingState.WITHDRAWN)
    with_sponsors = Pairing.objects.active().filter(kind=PairingKind.SPONSOR)
    ending = list(between.filter(state=PairingState.ACTIVE))
    if with_sponsors.filter(leader=kept).exists():
        ending += with_sponsors.filter(leader=gone).exclude(partner=kept)
    for pairing in ending:
        end_pairing(pairing=pairing, organisation=organisation, by=by, now=now)
    if between.exists():
        done.decided.append(_("1:1s between the two end. What was written in them stays."))


def _ask_once(kept: Membership, gone: Membership, done: Merged, now: datetime) -> None:
    if join_raters(kept=kept, gone=gone, now=now):
        done.decided.append(
            _("Where they would answer a 360 twice or about themselves, the question is taken back. Answers sent stay.")
        )


def _move(key: Key, kept: Membership, gone: Membership, done: Merged) -> None:
    if key.model == "coaching.privatenote":
        return  # only its author may: `hand_over_notes`
    model = cast("type[OrganisationOwned]", apps.get_model(key.model))
    name = key.name
    rows = model.objects.filter(**{key.field: gone})
    if key.model == "coaching.pairing":
        rows = rows.exclude(Q(leader=kept) | Q(partner=kept))
    if key.clash == Clash.NEVER:
        done.moved[name] += rows.update(**{key.field: kept})
        return
    for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
        row = model.objects.filter(pk=pk)
        if _moved(row, key.field, kept):
            done.moved[name] += 1
        elif key.clash == Clash.GOES:
            row.delete()
        elif key.clash == Clash.STAYS:
            done.left[name] += 1
        else:
            raise NotNow(_("Both have a 1:1 partner of the same kind. End one of the two pairings first."))


def _moved(row: models.QuerySet, name: str, kept: Membership) -> bool:
    try:
        with transaction.atomic():
            row.update(**{name: kept})
    except IntegrityError:
        return False
    return True


def _take_roles(kept: Membership, gone: Membership, done: Merged, now: datetime) -> None:
    """Add the roles of `gone`, but never owner or admin. Links in mails to either mailbox stop working."""
    gained = set(gone.roles) - set(kept.roles) - POWERFUL
    lost = (set(gone.roles) & POWERFUL) - set(kept.roles)
    if gained:
        done.decided.append(_("They get the roles of both: %(roles)s.") % {"roles": _labels(gained)})
    if lost:
        done.decided.append(
            _("Not carried over: %(roles)s. Give it on the page of roles if it is right.") % {"roles": _labels(lost)}
        )
    seen = [day for day in (kept.last_seen_on, gone.last_seen_on) if day]
    save_revision(
        kept,
        roles=sorted({*kept.roles, *gained}),
        link_version=max(kept.link_version, gone.link_version) + 1,
        last_seen_on=max(seen) if seen else None,
    )
    organisation = Organisation.objects.get(pk=current_organisation_id())
    start_digest_clocks([kept], organisation=organisation, now=now)


def _labels(roles: set[str]) -> str:
    return ", ".join(str(role.label) for role in Role if role in roles)


def _say_what_stays(done: Merged) -> None:
    """In words, where somebody would miss it."""
    done.decided += [str(key.where_left) for key in TABLE if key.where_left and done.left[key.name]]

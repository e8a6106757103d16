"""Upload, preview, confirm and undo a list of coaches or of pairs. Nothing changes before confirmation."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from coaching.meetings.actions.pairings import refresh_due
from coaching.mentors.finding import offers_of, seekers_of
from coaching.mentors.lists import coaches, pairs
from coaching.mentors.lists.plan import ListPlan, Outcome
from coaching.models import (
    Cadence,
    MentorIntake,
    MentorProfile,
    MentorRequest,
    MentorWish,
    Pairing,
    PairingState,
    Session,
)
from cohorts.audit import record
from cohorts.imports.chosen import Chosen
from cohorts.imports.file import ListKind, read_table
from cohorts.imports.rereading import read_again, read_first, set_reading, shape_of
from cohorts.imports.uploads import UNDO_FOR, ensure_as_shown, finish, is_confirmed, stored_name
from cohorts.models import Invitation, Membership, Organisation, Role
from cohorts.people.actions.members import Newcomer, welcome
from cohorts.schedule.time_zones import local_date
from cohorts.web.bounds import ensure_choice
from cohorts.web.refusals import NotNow

LISTS = {MentorIntake.Sort.COACHES: coaches.LIST, MentorIntake.Sort.PAIRS: pairs.LIST}


@transaction.atomic
def upload_list(*, sort: str, data: bytes, file_name: str, by: Membership, now: datetime) -> MentorIntake:
    """Read a list and store its rows for preview, replacing an unconfirmed one. Raises UnreadableFile.

    A file of a shape that this organisation imported before is read as it was then.
    """
    ensure_choice("sort", sort, MentorIntake.Sort.values)
    name, kind, same = stored_name(file_name), LISTS[MentorIntake.Sort(sort)], MentorIntake.objects.filter(sort=sort)
    table, is_remembered = read_first(lambda how: read_table(data, name, kind, how), same, kind)
    same.filter(uploaded_by=by).discard()
    intake = MentorIntake(sort=sort, uploaded_by=by, file_name=name, source=data, created_at=now)
    intake.shape, intake.rows = shape_of(table.about), [[number, said] for number, said in table.rows]
    set_reading(intake, table, is_remembered=is_remembered)
    intake.save()
    return intake


@transaction.atomic
def choose_list_columns(*, intake: MentorIntake, chosen: Chosen) -> MentorIntake:
    """Read the file again with other columns. Raises Invalid and UnreadableFile as `read_again` does."""
    intake = MentorIntake.objects.select_for_update(of=("self",)).defer("rows").get(pk=intake.pk)
    data, name, kind = bytes(intake.source), intake.file_name, list_kind(intake)
    table = read_again(lambda how: read_table(data, name, kind, how), intake, chosen, kind)
    intake.rows = [[number, said] for number, said in table.rows]
    set_reading(intake, table, chosen)
    intake.save(update_fields=["rows", "counts", "choices", "shape"])
    return intake


def list_kind(intake: MentorIntake) -> ListKind:
    return LISTS[MentorIntake.Sort(intake.sort)]


def plan_list(intake: MentorIntake, *, organisation: Organisation) -> ListPlan:
    """Plan what this upload would change now."""
    rows = [(number, said) for number, said in intake.rows]
    columns = intake.counts.get("columns", {})
    if intake.sort == MentorIntake.Sort.COACHES:
        return coaches.plan_coaches(rows, _known_coaches(), columns, language=organisation.language)
    return pairs.plan_pairs(rows, _known_leaders(), _known_offers(), columns)


@transaction.atomic
def confirm_list(
    *, intake: MentorIntake, fingerprint: str, organisation: Organisation, by: Membership, now: datetime
) -> MentorIntake:
    """Carry out the plan in one transaction. Idempotent.

    Raises PlanChanged if somebody or a place changed since the preview, so that the admin sees the new plan first.
    """
    Organisation.objects.select_for_update(no_key=True).values_list("pk").get(pk=organisation.pk)
    # A leader who asks one of these mentors meanwhile waits for this lock: no place can go twice.
    list(MentorProfile.objects.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    intake = MentorIntake.objects.select_for_update().defer("source").get(pk=intake.pk)
    if is_confirmed(intake):
        return intake
    plan = plan_list(intake, organisation=organisation)
    ensure_as_shown(plan.fingerprint, fingerprint)
    add = _add_coaches if intake.sort == MentorIntake.Sort.COACHES else _add_pairs
    intake.made = add(plan.acting, organisation=organisation, now=now)
    intake.confirmed_at = now
    finish(intake, counts={"rows": len(intake.rows), **plan.counts})
    record(by=by, verb=f"imported {intake.sort}", thing=intake, now=now, **plan.counts)
    return intake


@transaction.atomic
def undo_list(*, intake: MentorIntake, by: Membership, now: datetime) -> tuple[int, int]:
    """Take back what a list made and nobody has used yet, within a day. Returns how many went and how many stayed."""
    intake = MentorIntake.objects.select_for_update().get(pk=intake.pk)
    if intake.state != MentorIntake.State.CONFIRMED or not intake.made:
        return 0, 0
    if intake.confirmed_at is None or now - intake.confirmed_at > UNDO_FOR:
        raise NotNow(_("It is too late to take this back."))
    take = _take_coaches if intake.sort == MentorIntake.Sort.COACHES else _take_pairs
    gone, stayed = take(intake.made, now=now)
    intake.made = {}
    intake.save(update_fields=["made"])
    record(by=by, verb=f"took imported {intake.sort} back", thing=intake, now=now, gone=gone, stayed=stayed)
    return gone, stayed


def _known_coaches() -> dict[str, coaches.KnownCoach]:
    with_profile = set(MentorProfile.objects.values_list("member", flat=True))
    rows = Membership.objects.order_by().values_list("pk", "person__email", "name", "left_at", "suspended_at")
    return {
        email.lower(): coaches.KnownCoach(
            email.lower(), name, key in with_profile, has_left=left_at is not None, is_shut_out=suspended_at is not None
        )
        for key, email, name, left_at, suspended_at in rows
    }


def _known_leaders() -> list[pairs.KnownLeader]:
    leaders = list(Membership.objects.active().with_role(Role.LEADER).select_related("person"))
    seekers = seekers_of(leaders)
    meet: dict[tuple[int, str], set[int]] = {}
    lasting = Pairing.objects.filter(state__in=(PairingState.ACTIVE, PairingState.REQUESTED)).exclude(kind="sponsor")
    for leader_id, state, partner_id in lasting.order_by().values_list("leader", "state", "partner"):
        meet.setdefault((leader_id, state), set()).add(partner_id)
    return [
        pairs.KnownLeader(
            email=leader.person.email.lower(),
            name=leader.name,
            seeker=seekers[leader.pk],
            partners=frozenset(meet.get((leader.pk, PairingState.ACTIVE), ())),
            asked=frozenset(meet.get((leader.pk, PairingState.REQUESTED), ())),
        )
        for leader in leaders
    ]


def _known_offers() -> list[pairs.KnownOffer]:
    profiles = list(MentorProfile.objects.offered().select_related("member__person"))
    offers = offers_of(profiles)
    return [
        pairs.KnownOffer(each.member.person.email.lower(), each.member.name, offers[each.pk], each.cadence_days)
        for each in profiles
    ]


def _add_coaches(outcomes: Sequence[Outcome], *, organisation: Organisation, now: datetime) -> dict[str, object]:
    """Members with the role, invited if they are new, each with a profile. Keeps who was new or got the role."""
    addresses = [outcome.email for outcome in outcomes]
    before = {
        email.lower(): (roles, left_at)
        for email, roles, left_at in Membership.objects.filter(person__email__in=addresses).values_list(
            "person__email", "roles", "left_at"
        )
    }
    newcomers = [
        Newcomer(each.email, each.name, organisation.language, organisation.zone, frozenset({Role.COACH}))
        for each in outcomes
    ]
    members = welcome(newcomers, organisation=organisation, now=now)
    profiles = MentorProfile.objects.bulk_create(
        MentorProfile(
            member_id=members[each.email],
            zone=organisation.zone,
            cadence_days=Cadence.FORTNIGHTLY,
            opened_at=now,
            **each.values,
        )
        for each in outcomes
    )
    arrived = [each.email for each in outcomes if each.email not in before or before[each.email][1] is not None]
    given = [email for email in addresses if email not in arrived and Role.COACH not in before[email][0]]
    return {
        "profiles": [profile.pk for profile in profiles],
        "arrived": [members[email] for email in arrived],
        "given": [members[email] for email in given],
    }


def _add_pairs(outcomes: Sequence[Outcome], *, organisation: Organisation, now: datetime) -> dict[str, object]:
    today = local_date(now, organisation.zone)
    profiles = MentorProfile.objects.in_bulk({each.values["profile"] for each in outcomes})
    made = Pairing.objects.bulk_create(
        Pairing(
            kind=each.values["kind"],
            leader_id=each.values["leader"],
            partner_id=profiles[each.values["profile"]].member_id,
            cadence_days=each.values["cadence_days"],
            starts_on=today,
        )
        for each in outcomes
    )
    for kind in {pairing.kind for pairing in made}:
        paired = [pairing.leader_id for pairing in made if pairing.kind == kind]
        MentorWish.objects.filter(leader__in=paired, profile__kind=kind).delete()
    refresh_due(pairings=Pairing.objects.filter(pk__in=[pairing.pk for pairing in made]))
    return {"pairings": [pairing.pk for pairing in made]}


def _take_coaches(made: dict[str, list[int]], *, now: datetime) -> tuple[int, int]:
    """Profiles that nobody asked, wished for or changed go; with them the role, and who was invited and never came."""
    profiles = MentorProfile.objects.select_for_update(no_key=True).filter(pk__in=made["profiles"]).order_by("pk")
    asked = set(MentorRequest.objects.filter(profile__in=made["profiles"]).values_list("profile", flat=True))
    asked |= set(MentorWish.objects.filter(profile__in=made["profiles"]).values_list("profile", flat=True))
    meeting = set(
        Pairing.objects.filter(partner__mentor_profiles__in=made["profiles"]).values_list("partner", flat=True)
    )
    gone, stayed = [], 0
    for profile in profiles:
        if profile.pk in asked or profile.revision > 1 or profile.member_id in meeting:
            stayed += 1
        else:
            gone.append(profile.member_id)
    MentorProfile.objects.filter(member__in=gone).delete()
    never_came = Invitation.objects.filter(membership__in=set(made["arrived"]) & set(gone), accepted_at=None)
    members = {row.membership_id for row in never_came}
    never_came.update(revoked_at=now)
    for member in Membership.objects.select_for_update(no_key=True).filter(pk__in=gone):
        if member.pk in members:
            member.left_at = now
        if member.pk in members or member.pk in made["given"]:
            member.roles = [role for role in member.roles if role != Role.COACH]
            member.save(update_fields=["left_at", "roles"])
    return len(gone), stayed


def _take_pairs(made: dict[str, list[int]], *, now: datetime) -> tuple[int, int]:
    """Pairings without a talk go entirely; those who have planned one go on."""
    rows = Pairing.objects.select_for_update(no_key=True).filter(pk__in=made["pairings"], state=PairingState.ACTIVE)
    keys = set(rows.values_list("pk", flat=True))
    used = set(Session.objects.filter(pairing__in=keys).values_list("pairing", flat=True))
    used |= set(rows.exclude(handover="").values_list("pk", flat=True))
    Pairing.objects.filter(pk__in=keys - used).delete()
    return len(keys - used), len(made["pairings"]) - len(keys - used)

"""What becomes of every key to a membership when two memberships of one person become one.

A test compares the table with the models: a new key to a membership has to be decided here. What says who did
something long ago *stays* with the former membership, whose name is shown as before; some of it no program may change.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


class Way(StrEnum):
    """What happens to a row."""

    MOVES = "moves"  # it is the person's own, or a part they have
    STAYS = "stays"  # who did, wrote or got something once
    ENDS = "ends"  # a way in, or a clock: the kept membership has its own


class Clash(StrEnum):
    """What happens to a row that cannot move, because the kept membership has one like it."""

    NEVER = "never"  # no constraint names the key
    STAYS = "stays"
    GOES = "goes"  # it said the same of the same person
    REFUSES = "refuses"  # an admin ends one of the two first


@dataclass(frozen=True, slots=True)
class Key:
    """`model` as Django labels it, in small letters."""

    model: str
    field: str
    way: Way
    clash: Clash = Clash.NEVER

    @property
    def name(self) -> str:
        return f"{self.model}.{self.field}"

    @property
    def where_left(self) -> Promise | str:
        """What is said where a row of it could not move; empty where nobody would miss it."""
        return WORDS_WHERE_LEFT.get(self.name, "")


# A test holds the names to the table.
WORDS_WHERE_LEFT = {
    "cohorts.enrolment.leader": gettext_lazy(
        "A place they had left, in a cohort where both had one, stays with the former membership."
    ),
    "coaching.mentorprofile.member": gettext_lazy(
        "Both have a mentor’s profile: the one of the address that stays is used."
    ),
    "coaching.host.member": gettext_lazy("Both are hosts: the page of the address that stays is used."),
    "coaching.booking.guest": gettext_lazy("Both have a place on the same visit: one of the places becomes free."),
}


def _keys(way: Way, names: str, clash: Clash = Clash.NEVER) -> list[Key]:
    return [Key(model, field, way, clash) for model, _dot, field in (name.rpartition(".") for name in names.split())]


TABLE: tuple[Key, ...] = (
    *_keys(
        Way.MOVES,
        "cohorts.enrolment.sponsor cohorts.membership.manager cohorts.intake.uploaded_by cohorts.importrun.by "
        "goals.figureintake.uploaded_by feedback360.raterintake.uploaded_by coaching.mentorintake.uploaded_by "
        "feedback360.rater.membership feedback360.subject.manager coaching.action.owner "
        "coaching.agendaitem.raised_by coaching.ask.sponsor coaching.protectedtime.offered_by "
        "coaching.talkquestion.asked_by programme.report.asked_by coaching.supportanswer.sponsor "
        "coaching.visithelp.guest",
    ),
    *_keys(
        Way.MOVES,
        "coaching.pairing.leader coaching.pairing.partner goals.team.leader",
        Clash.REFUSES,
    ),
    *_keys(
        Way.MOVES,
        "cohorts.enrolment.leader coaching.booking.guest coaching.calibration.started_by "
        "coaching.observer.member coaching.sponsoract.sponsor coaching.sessiontext.author "
        "coaching.mentorprofile.member coaching.host.member coaching.privatenote.author",
        Clash.STAYS,
    ),
    *_keys(
        Way.MOVES,
        "goals.share.reader goals.sharinganswer.reader coaching.mentorconflict.member "
        "coaching.mentorsearch.leader coaching.mentorwish.leader coaching.talkvote.member "
        "coaching.hostingoffer.member",
        Clash.GOES,
    ),
    *_keys(
        Way.STAYS,
        "cohorts.membernotice.recipient cohorts.membernotice.about cohorts.membernotice.before "
        "cohorts.membernotice.by cohorts.digest.sponsor cohorts.sponsornote.sponsor "
        "cohorts.sponsornote.requested_by cohorts.factorrecovery.member cohorts.factorrecovery.asked_by "
        "cohorts.addresscorrection.member cohorts.addresscorrection.asked_by cohorts.addresscorrection.into "
        "goals.dial.set_by goals.goal.agreed_by goals.goal.scored_by goals.busyperiod.offered_by "
        "goals.goaldial.set_by goals.goalevent.by goals.objective.written_by goals.objectivereading.by "
        "goals.kpimethod.written_by goals.rebase.by feedback360.membermail.recipient "
        "coaching.agreementversion.sponsor coaching.agreementversion.written_by "
        "coaching.agreementsignature.signer coaching.agreementline.sponsor coaching.calendarmail.recipient "
        "coaching.coachingmail.recipient coaching.reminder.recipient coaching.session.planned_by",
    ),
    *_keys(
        Way.ENDS,
        "cohorts.invitation.membership cohorts.apikey.member cohorts.digestclock.sponsor coaching.mailchoice.member",
    ),
)

from cohorts.models.account_mail import AccountMail
from cohorts.models.address_correction import AddressCorrection
from cohorts.models.api_key import ApiKey, ApiReply
from cohorts.models.audit import AuditEntry
from cohorts.models.cohort import Cohort, Enrolment, MilestoneDate, Pause
from cohorts.models.curriculum import Curriculum, CurriculumVersion, Milestone, SponsorWeek, Step
from cohorts.models.factor_recovery import FactorRecovery
from cohorts.models.guess_count import GuessCount
from cohorts.models.intake import ImportRun, Intake, IntakePart, IntakePiece
from cohorts.models.known_device import KnownDevice
from cohorts.models.logo import OrganisationLogo
from cohorts.models.member_notice import MemberNotice
from cohorts.models.nudge import Clock, Digest, DigestClock, Nudge, SponsorNote
from cohorts.models.organisation import Organisation
from cohorts.models.person import Invitation, Membership, Person, Role

__all__ = [
    "AccountMail",
    "AddressCorrection",
    "ApiKey",
    "ApiReply",
    "AuditEntry",
    "Clock",
    "Cohort",
    "Curriculum",
    "CurriculumVersion",
    "Digest",
    "DigestClock",
    "Enrolment",
    "FactorRecovery",
    "GuessCount",
    "ImportRun",
    "Intake",
    "IntakePart",
    "IntakePiece",
    "Invitation",
    "KnownDevice",
    "MemberNotice",
    "Membership",
    "Milestone",
    "MilestoneDate",
    "Nudge",
    "Organisation",
    "OrganisationLogo",
    "Pause",
    "Person",
    "Role",
    "SponsorNote",
    "SponsorWeek",
    "Step",
]

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from coaching.models.visiting import Booking, BookingState
from cohorts.curriculum.behaviours import Behaviour
from cohorts.models import Membership
from cohorts.models.revised import Revised
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet
from goals.models import Focus

MAX_LINE = 200
MAX_NOTE = 2000


class Sheet(Revised, OrganisationOwned):
    """One sheet of one booking. It belongs to the guest and outlives whatever happens to the visit.

    `key` is the form that saved it last, `edition` which of its contents.
    """

    key = models.UUIDField()
    edition = models.BigIntegerField(null=True, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        abstract = True


class BeforeSheetQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "BeforeSheetQuerySet":
        """The guest; and the host of a visit on which the guest has a place. The same rule as `may_read_before`."""
        coming = [BookingState.BOOKED, BookingState.NO_SHOW]
        host = models.Q(booking__visit__host__member=membership, booking__state__in=coming)
        return self.filter(models.Q(booking__guest=membership) | host)


class BeforeSheet(Sheet):
    """What a guest comes for. Audience: the guest and the host."""

    booking = OwnedForeignKey(Booking, models.PROTECT, related_name="before_sheets")
    working_on = models.CharField(_("What I work on"), max_length=MAX_LINE)
    watch_1 = models.CharField(_("First thing to watch for"), max_length=MAX_LINE, blank=True)
    watch_2 = models.CharField(_("Second thing to watch for"), max_length=MAX_LINE, blank=True)
    watch_3 = models.CharField(_("Third thing to watch for"), max_length=MAX_LINE, blank=True)
    host_question_1 = models.CharField(_("First question for the host"), max_length=MAX_LINE, blank=True)
    host_question_2 = models.CharField(_("Second question for the host"), max_length=MAX_LINE, blank=True)
    agent_question = models.CharField(_("A question for an agent"), max_length=MAX_LINE, blank=True)

    objects = OwnedManager.from_queryset(BeforeSheetQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "booking"], name="before_sheet_once")]

    @property
    def watches(self) -> list[str]:
        return [line for line in (self.watch_1, self.watch_2, self.watch_3) if line]

    @property
    def host_questions(self) -> list[str]:
        return [line for line in (self.host_question_1, self.host_question_2) if line]


class OwnSheetQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "OwnSheetQuerySet":
        """The guest, and nobody else."""
        return self.filter(booking__guest=membership)


class DuringSheet(Sheet):
    """What a guest noticed on the visit. Audience: the guest."""

    booking = OwnedForeignKey(Booking, models.PROTECT, related_name="during_sheets")
    saw = models.TextField(_("Saw"), max_length=MAX_NOTE, blank=True)
    heard = models.TextField(_("Heard"), max_length=MAX_NOTE, blank=True)
    surprised = models.TextField(_("Surprised me"), max_length=MAX_NOTE, blank=True)
    would_not_work = models.TextField(_("Would not work for us because…"), max_length=MAX_NOTE, blank=True)
    behaviours = ArrayField(models.CharField(max_length=14, choices=Behaviour), default=list, blank=True)

    objects = OwnedManager.from_queryset(OwnSheetQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "booking"], name="during_sheet_once")]


class AfterSheet(Sheet):
    """One thing to try, one question left; fourteen days later, whether it was tried. Audience: the guest.

    `focus` is the plan it became. How many were noted and tried is counted in the guest's own report.
    """

    booking = OwnedForeignKey(Booking, models.PROTECT, related_name="after_sheets")
    behaviour = models.CharField(_("behaviour"), max_length=14, choices=Behaviour)
    cue = models.CharField(_("When…"), max_length=160)
    response = models.CharField(_("I will…"), max_length=160)
    language = models.CharField(max_length=5, blank=True)
    question_left = models.CharField(_("One question I still have"), max_length=MAX_LINE, blank=True)
    focus = OwnedForeignKey(Focus, models.SET_NULL, null=True, blank=True, related_name="+")
    was_tried = models.BooleanField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = OwnedManager.from_queryset(OwnSheetQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "booking"], name="after_sheet_once"),
            models.CheckConstraint(
                name="after_sheet_answered_when",
                condition=models.Q(was_tried=None, answered_at=None)
                | models.Q(was_tried__isnull=False, answered_at__isnull=False),
            ),
        ]

    @property
    def sentence(self) -> str:
        """The plan as it reads, in the language it was written in."""
        with override(self.language or get_language()):
            return gettext("When %(cue)s, I will %(response)s.") % {"cue": self.cue, "response": self.response}


class HostThanksQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "HostThanksQuerySet":
        """The guest who wrote it and the host it is for."""
        return self.filter(models.Q(booking__guest=membership) | models.Q(booking__visit__host__member=membership))


class HostThanks(OrganisationOwned):
    """A guest's thanks to the host after a visit. Audience: the guest and the host."""

    booking = OwnedForeignKey(Booking, models.PROTECT, related_name="thanks")
    words = models.CharField(_("Thanks to the host"), max_length=500)
    saved_at = models.DateTimeField()

    objects = OwnedManager.from_queryset(HostThanksQuerySet)()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "booking"], name="host_thanks_once")]


class HelpWanted(models.TextChoices):
    """What would help somebody who could not come."""

    REMINDER = "reminder", _("A reminder the day before")
    OTHER_TIME = "other_time", _("Another time of day")
    REMOTE = "remote", _("A visit by video")
    COVER = "cover", _("Someone to cover for me")
    NEARER = "nearer", _("A shorter way there")
    NOTHING = "nothing", _("Nothing, it was bad luck")


class VisitHelp(OrganisationOwned):
    """What would help a guest who twice could not come. Audience: the guest; how often each was said, admins."""

    guest = OwnedForeignKey(Membership, models.PROTECT, related_name="+")
    wants = models.CharField(max_length=10, choices=HelpWanted)
    said_at = models.DateTimeField()

    objects: OwnedManager = OwnedManager()

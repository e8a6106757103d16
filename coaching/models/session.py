from django.db import models
from django.utils.translation import gettext_lazy as _

from coaching.models.invited import MAX_MINUTES, Invited
from coaching.models.pairing import Pairing
from cohorts.models import Membership
from cohorts.models.revised import Revised
from cohorts.tenancy.tracking import Tracked
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet


class SessionKind(models.TextChoices):
    ONE_TO_ONE = "one_to_one", _("1:1")
    SIDE_BY_SIDE = "side_by_side", _("Side by side")
    THREE_WAY = "three_way", _("Three-way talk")
    MENTOR = "mentor", _("Mentor talk")
    DROP_IN = "drop_in", _("Drop-in")


class SessionState(models.TextChoices):
    """A missed session is one nobody cancelled; the one who cancels may give no reason."""

    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")
    MISSED = "missed", _("Did not happen")


class SessionQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "SessionQuerySet":
        """The two of the pairing. A new partner has a new pairing, so they see nothing of an earlier one."""
        theirs = models.Q(pairing__leader=membership) | models.Q(pairing__partner=membership)
        return self.filter(theirs)


class Session(Revised, Invited, Tracked, OrganisationOwned):
    """One talk of a pairing, planned or held. Holds no text that anybody wrote: `SessionText` does.

    `template` and `template_version` name the talk template it was planned with; it keeps that version. `held_at` is
    when it was closed; `nothing_to_agree` says that it was held without a note or an action.
    Audience: the two of the pairing; numbers of sessions, admins.
    """

    pairing = OwnedForeignKey(Pairing, models.PROTECT, related_name="sessions")
    kind = models.CharField(max_length=12, choices=SessionKind, default=SessionKind.ONE_TO_ONE)
    state = models.CharField(max_length=9, choices=SessionState, default=SessionState.PLANNED)
    template = models.SlugField(max_length=40, blank=True, db_index=False)
    template_version = models.PositiveSmallIntegerField(default=1)
    planned_by = OwnedForeignKey(Membership, models.PROTECT, related_name="+", is_indexed=False)
    held_at = models.DateTimeField(null=True, blank=True)
    nothing_to_agree = models.BooleanField(default=False)
    key = models.UUIDField()

    objects = OwnedManager.from_queryset(SessionQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "pairing", "key"], name="session_key_once"),
            models.CheckConstraint(name="session_minutes", condition=models.Q(minutes__range=(1, MAX_MINUTES))),
            models.CheckConstraint(
                name="session_held_when_closed",
                condition=models.Q(state="held", held_at__isnull=False)
                | (~models.Q(state="held") & models.Q(held_at=None)),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "pairing", "state", "starts_at"], name="session_in_time"),
            models.Index(
                fields=["organisation", "starts_at"], condition=models.Q(state="planned"), name="session_planned"
            ),
        ]
        ordering = ["starts_at", "id"]


class ItemState(models.TextChoices):
    RAISED = "raised", _("To talk about")
    DISCUSSED = "discussed", _("Talked about")
    NEXT_TIME = "next_time", _("Next time")


class AgendaItem(OrganisationOwned):
    """One thing to talk about. Kept for next time, it moves to the next session. Audience: the two of the pairing."""

    session = OwnedForeignKey(Session, related_name="agenda")
    raised_by = OwnedForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+", is_indexed=False)
    text = models.CharField(_("to talk about"), max_length=200)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    state = models.CharField(max_length=9, choices=ItemState, default=ItemState.RAISED)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]


NOTE = "note"  # the part of a session that every template has


class SessionText(Revised, OrganisationOwned):
    """What was written in one part of a session: the shared note, or one box of its template.

    `author` is empty for parts that both write; a part with an author is that one's view, and
    `coaching.meetings.boxes` says when the other can read it. `key` and `edition` are those of the form that wrote
    last, so that its next words are not taken for somebody else's.
    Audience: the two of the pairing.
    """

    session = OwnedForeignKey(Session, related_name="texts")
    part = models.SlugField(max_length=40, default=NOTE, db_index=False)
    author = OwnedForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+", is_indexed=False)
    text = models.TextField(_("note"), max_length=10000, blank=True)
    saved_at = models.DateTimeField()
    key = models.UUIDField(null=True, blank=True)
    edition = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "session", "part", "author"], name="session_text_once", nulls_distinct=False
            ),
        ]


class SessionTextVersion(OrganisationOwned):
    """How a part read before it was changed after the leader had acknowledged it. Audience: as the part itself."""

    of = OwnedForeignKey(SessionText, related_name="versions")
    text = models.TextField(max_length=10000, blank=True)
    until = models.DateTimeField()

    class Meta:
        ordering = ["until", "id"]


class Acknowledgement(OrganisationOwned):
    """The leader's answer to a held session: seen the same way, or differently and how. Not an agreement.

    A later answer is another row, and the newest one counts. Audience: the two of the pairing.
    """

    session = OwnedForeignKey(Session, related_name="acknowledgements")
    saw_it_so = models.BooleanField()
    words = models.TextField(_("How you saw it"), max_length=2000, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

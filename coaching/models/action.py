from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from coaching.models.pairing import Pairing
from coaching.models.session import Session, SessionState
from cohorts.models import Membership
from cohorts.models.revised import Revised
from cohorts.tenancy.wall import OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet


class ActionState(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    LET_GO = "let_go", _("Let go")


class ActionQuerySet(OwnedQuerySet):
    def visible_to(self, membership: Membership) -> "ActionQuerySet":
        """The two of the pairing."""
        return self.filter(models.Q(pairing__leader=membership) | models.Q(pairing__partner=membership))

    def open(self) -> "ActionQuerySet":
        return self.filter(state=ActionState.OPEN)

    def counting_carried(self) -> "ActionQuerySet":
        """With `carried`: how many held talks came after the one it was made in, while it was open."""
        later = Session.objects.filter(
            pairing=models.OuterRef("pairing"),
            state=SessionState.HELD,
            starts_at__gt=models.OuterRef("session__starts_at"),
            held_at__lte=Coalesce(models.OuterRef("closed_at"), models.F("held_at")),
        )
        count = later.order_by().values("pairing").annotate(count=models.Count("pk")).values("count")
        return self.annotate(carried=Coalesce(models.Subquery(count), 0))


class Action(Revised, OrganisationOwned):
    """What one of the two agreed to do. It lives once and is carried into the next talk by staying open.

    `session` is the one it was made in. An action of a partner who stopped has no owner and waits for one.
    Audience: the two of the pairing.
    """

    pairing = OwnedForeignKey(Pairing, models.PROTECT, related_name="actions")
    session = OwnedForeignKey(Session, models.PROTECT, related_name="actions")
    owner = OwnedForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField(_("what"), max_length=200)
    due_on = models.DateField(_("by when"), null=True, blank=True)
    state = models.CharField(max_length=6, choices=ActionState, default=ActionState.OPEN)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("why it is let go"), max_length=200, blank=True)
    key = models.UUIDField()

    objects = OwnedManager.from_queryset(ActionQuerySet)()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "pairing", "key"], name="action_key_once"),
            models.CheckConstraint(
                name="action_let_go_with_reason", condition=~models.Q(state="let_go") | ~models.Q(reason="")
            ),
            models.CheckConstraint(
                name="action_closed_when",
                condition=models.Q(state="open", closed_at=None)
                | (~models.Q(state="open") & models.Q(closed_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "pairing"], condition=models.Q(state="open"), name="action_open"),
        ]
        ordering = ["made_at", "id"]

from datetime import date, time

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from timezone_field import TimeZoneField

from cohorts.models.given_names import given_name
from cohorts.models.mail import OutboxRow
from cohorts.models.revised import Revised
from cohorts.tenancy.tracking import Tracked
from cohorts.tenancy.wall import Across, OrganisationOwned, OwnedForeignKey, OwnedManager, OwnedQuerySet


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str, **fields: object) -> "Person":
        person = self.model(email=email.strip().lower(), **fields)
        person.set_unusable_password()
        person.save()
        return person


class Person(Tracked, AbstractBaseUser):
    """Somebody who can sign in. A global table: one login, many organisations. Audience: the person."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("As this device")
        LIGHT = "light", pgettext_lazy("appearance", "Light")
        DARK = "dark", pgettext_lazy("appearance", "Dark")

    email = models.EmailField(_("e-mail"), unique=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="en")
    theme = models.CharField(_("appearance"), max_length=5, choices=Theme, default=Theme.AUTO)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = EMAIL_FIELD = "email"
    objects = PersonManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_once")]

    def __str__(self) -> str:
        return self.email


class Role(models.TextChoices):
    """A role in an organisation, stored by short key; `cohorts.web.permissions` says what each may do."""

    LEADER = "leader", _("Leader")
    SPONSOR = "sponsor", _("Sponsor")
    ADMIN = "admin", _("Programme admin")
    OWNER = "owner", _("Organisation owner")
    COACH = "coach", _("Coach or mentor")
    HOST = "host", _("Host of visits")


class MembershipQuerySet(OwnedQuerySet):
    def active(self) -> "MembershipQuerySet":
        """Those who can come in: neither left nor suspended."""
        return self.filter(left_at=None, suspended_at=None)

    def here(self) -> "MembershipQuerySet":
        """Members, the suspended ones included."""
        return self.filter(left_at=None)

    def shut_out(self) -> "MembershipQuerySet":
        """Those who cannot come in: the rest of `active`."""
        return self.filter(models.Q(left_at__isnull=False) | models.Q(suspended_at__isnull=False))

    def with_role(self, role: str) -> "MembershipQuerySet":
        return self.filter(roles__contains=[role])


class Membership(Revised, Tracked, OrganisationOwned):
    """A person in one organisation, with roles and the name used there. Audience: the organisation.

    `manager` is who they report to: a sponsor's own manager sees their branch through it. A loop is allowed; following
    the lines stops at a repeat. `last_seen_on` is the day of their latest visit and nothing finer; admins see it of
    those who are more than a leader. While `suspended_at` is set they cannot come in and get no mail, and everything of
    theirs waits: an admin suspended them, or withdrew the invitation they had not answered. Members who left keep their
    row, for what they wrote.
    """

    across = {Across.PERSON: ["SELECT"]}

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=160)
    roles = ArrayField(models.CharField(max_length=12, choices=Role), default=list)
    manager = OwnedForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="reports")
    zone = TimeZoneField(_("time zone"), default="Europe/Oslo")
    digest_hour = models.TimeField(_("digest hour"), default=time(8))
    digest_weekday = models.PositiveSmallIntegerField(_("digest day"), default=1)
    digest_on = models.BooleanField(_("weekly digest"), default=True)
    link_version = models.PositiveSmallIntegerField(default=1)
    last_seen_on = models.DateField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = OwnedManager.from_queryset(MembershipQuerySet)()
    key_prefix = ""  # of the key with which a program acts for this member in this request, see `cohorts.web.api.door`

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "person"], name="membership_once"),
            models.CheckConstraint(name="membership_digest_weekday", condition=models.Q(digest_weekday__range=(1, 7))),
        ]
        indexes = [models.Index(fields=["person"], name="membership_person")]
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        return given_name(self.name)

    @property
    def initials(self) -> str:
        """The first letters of the first and last word of the name."""
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def is_active(self) -> bool:
        """Whether they can come in: neither left nor suspended. Same as `active()`."""
        return self.left_at is None and self.suspended_at is None

    def has_role(self, role: str) -> bool:
        return role in self.roles

    @property
    def is_admin(self) -> bool:
        """An owner is one, too."""
        return self.has_role(Role.ADMIN) or self.has_role(Role.OWNER)

    def note_visit(self, today: date) -> None:
        """Note that they were here on `today`, by their own zone. At most one write a day."""
        if self.last_seen_on != today:
            type(self).objects.filter(pk=self.pk).update(last_seen_on=today)
            self.last_seen_on = today


class Invitation(Tracked, OutboxRow):
    """An invitation for one membership. Only the hash of its link is stored. Audience: admins."""

    across = {Across.PLANNER: ["SELECT"]}

    membership = OwnedForeignKey(Membership, related_name="invitations")
    token_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta(OutboxRow.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "membership"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="invitation_one_open",
            )
        ]

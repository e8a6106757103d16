from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

MIN_MINUTES, MAX_MINUTES = 5, 480


class Invited(models.Model):
    """Something in people's calendars. `uid` is its name there for life; `sequence` grows when start, length or place
    change and when it is cancelled, and with nothing else (RFC 5546, section 2.1.4)."""

    uid = models.UUIDField(default=uuid4, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    starts_at = models.DateTimeField(_("begins"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), default=30, validators=[MinValueValidator(MIN_MINUTES), MaxValueValidator(MAX_MINUTES)]
    )
    place = models.CharField(_("place"), max_length=120, blank=True)

    class Meta:
        abstract = True

from django.db import models
from django.utils import timezone

from cohorts.models.person import Person


class KnownDevice(models.Model):
    """A browser in which a person has signed in, known again by a cookie; only its hash is here. Audience: the person.

    A global table, like sign-in itself. Without its row the cookie is unknown, and the next sign-in is told by mail.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    key_hash = models.CharField(max_length=64)
    agent = models.CharField(max_length=200, blank=True)
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key_hash"], name="knowndevice_once")]

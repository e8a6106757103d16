from django.db import models


class Revised(models.Model):
    """`revision` grows with every edit, so that a form can tell whether what it showed is still what is saved."""

    revision = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        abstract = True

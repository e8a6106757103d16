from django.db import models


class GuessCount(models.Model):
    """How often one secret was guessed. Audience: nobody; `cohorts.access.guesses` counts.

    A global table, since signing in comes before any organisation. `about` names the secret and never holds an address.
    """

    about = models.CharField(max_length=100, primary_key=True)
    made = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

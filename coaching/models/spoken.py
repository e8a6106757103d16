from django.db import models
from django.utils.translation import gettext_lazy as _


class SpokenLanguage(models.TextChoices):
    """Languages somebody can hold a talk in; the pages themselves are in two of them."""

    NORWEGIAN = "nb", _("Norwegian")
    ENGLISH = "en", _("English")
    SWEDISH = "sv", _("Swedish")
    DANISH = "da", _("Danish")
    FINNISH = "fi", _("Finnish")
    GERMAN = "de", _("German")
    POLISH = "pl", _("Polish")
    LITHUANIAN = "lt", _("Lithuanian")

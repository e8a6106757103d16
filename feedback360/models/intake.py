from cohorts.models.intake import UploadedList
from cohorts.tenancy.wall import OwnedForeignKey
from feedback360.models.round import Round


class RaterIntake(UploadedList):
    """An uploaded list of raters. Audience: admins."""

    round = OwnedForeignKey(Round, related_name="rater_intakes")

"""Tables of the 360. Answers are not exported: import `feedback360.models.answers`, which a contract protects."""

from feedback360.models import answers as answers  # registers its tables
from feedback360.models.intake import RaterIntake
from feedback360.models.mail import MemberMail, RaterMail
from feedback360.models.questionnaire import Questionnaire
from feedback360.models.rater import Rater, Relation, Request, RequestState
from feedback360.models.result import Result
from feedback360.models.round import FeedbackSettings, Group, Purpose, Round, State, Subject

__all__ = [
    "FeedbackSettings",
    "Group",
    "MemberMail",
    "Purpose",
    "Questionnaire",
    "Rater",
    "RaterIntake",
    "RaterMail",
    "Relation",
    "Request",
    "RequestState",
    "Result",
    "Round",
    "State",
    "Subject",
]

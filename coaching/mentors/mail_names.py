"""Names of the mails about requests, as `CoachingMail.kind` stores them."""

ASKED = "mentor-asked"
ANSWERED = "mentor-answered"

"""Signing in by a mailed code, with the same steps for an address that somebody has and for one that nobody has.

allauth's own process generates, mails and looks up only for a known person. Here somebody who does not exist goes all
the way, up to the last step: a code is made and counted, and a mail written that is never sent.
"""

import secrets
from datetime import timedelta

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.http import HttpRequest
from django.utils import timezone

from cohorts.access.account_mail import put_off
from cohorts.access.guesses import may_guess_code
from cohorts.models import Person
from cohorts.web.language import page_language


class CodeSignIn(LoginCodeVerificationProcess):
    """One person, or nobody, between asking for a code and typing it."""

    @classmethod
    def begin(cls, *, request: HttpRequest, person: Person | None, email: str) -> None:
        """Make a code, write its mail, and remember both in the session."""
        login = Login(user=person, email=email)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=None, email=email), initiated_by_user=True)
        process = cls(stage)
        process.send()
        process.persist()

    @property
    def user(self) -> Person | None:
        return self.stage.login.user

    def generate_code(self) -> str:
        self.state["code_id"] = secrets.token_urlsafe(16)
        return super().generate_code()

    def send(self, skip_enumeration_mails: bool = False) -> None:
        """Write the mail; nobody's is never sent."""
        put_off(
            kind="login_code" if self.user else "nothing",
            address=self.state["email"],
            person=self.user,
            facts={"code": self.generate_code()},
            language=page_language(),
            now=timezone.now(),
        )
        self.add_sent_message({"email": self.state["email"], "recipient": self.state["email"]})

    def resend(self) -> None:
        self.send()
        self.record_resend()
        self.persist()

    def persist(self) -> None:
        """Remember nobody by a key that no row has, so that the next request looks for them, too."""
        login = self.stage.login
        login.user, known = login.user or Person(pk=0), login.user
        super().persist()
        login.user = known

    def may_guess(self) -> bool:
        return may_guess_code(
            code_id=self.state["code_id"],
            address=self.state["email"],
            lasts=timedelta(seconds=self.timeout),
            now=timezone.now(),
        )

    @classmethod
    def resume(cls, stage: LoginByCodeStage) -> "CodeSignIn | None":
        found: CodeSignIn | None = cls(stage).abort_if_invalid()
        return found

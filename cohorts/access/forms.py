"""The forms of signing in: an address, a code from a mail, a code from an app."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.core import context, ratelimit
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from django.utils import timezone

from cohorts.access.guesses import forget_factor_guesses, may_guess_factor
from cohorts.models import Person


class AddressForm(RequestLoginCodeForm):
    """Where to send a code. `person` is who has the address, if they may sign in."""

    person: Person | None = None

    def clean_email(self) -> str:
        """One question for every address, asked before the limit is looked at."""
        email: str = self.cleaned_data["email"].lower()
        found = Person.objects.filter(email=email).first()
        if not ratelimit.consume(context.request, action="request_login_code", key=email):
            raise get_adapter().validation_error("too_many_login_attempts")
        self.person = found if found is not None and found.is_active else None
        return email


class CodeForm(ConfirmLoginCodeForm):
    """The code from the mail. `may_guess` counts before the code is looked at; `is_known` is false for nobody."""

    def __init__(self, *args: Any, may_guess: Callable[[], bool], is_known: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.may_guess, self.is_known = may_guess, is_known

    def clean_code(self) -> str:
        if not self.may_guess():
            raise get_adapter().validation_error("incorrect_code")
        code: str = super().clean_code()
        if not self.is_known:
            raise get_adapter().validation_error("incorrect_code")
        return code


class _Counted(BaseAuthenticateForm):
    """A code from an app, or a recovery code, counted before it is looked at."""

    def clean_code(self) -> str:
        if not may_guess_factor(person_id=self.user.pk, now=timezone.now()):
            raise get_adapter().validation_error("too_many_login_attempts")
        code: str = super().clean_code()
        forget_factor_guesses(person_id=self.user.pk)
        return code


class FactorForm(_Counted, AuthenticateForm):
    """At signing in."""


class FactorAgainForm(_Counted, ReauthenticateForm):
    """As fresh proof."""

"""The forms of signing in: an address, a code from a mail, a code from an app."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from allauth.account.adapter import get_adapter
from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.core import context, ratelimit
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from cohorts.access.guesses import forget_factor_guesses, may_guess_factor
from cohorts.models import Person
from cohorts.web.inputs import AddressField

log = structlog.get_logger(__name__)


@contextmanager
def logged_refusal(way: str, *, person_id: int | None) -> Iterator[None]:
    """Log that a proof was refused, of whom if that is known, never with an address or what was typed."""
    try:
        yield
    except ValidationError:
        log.warning("proof_refused", way=way, person_id=person_id)
        raise


class AddressForm(RequestLoginCodeForm):
    """Where to send a code. `person` is who has the address, if they may sign in."""

    person: Person | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given = self.fields["email"]
        self.fields["email"] = AddressField(label=given.label, widget=given.widget)

    def clean_email(self) -> str:
        """One question for every address, asked before the limit is looked at."""
        email: str = self.cleaned_data["email"]
        found = Person.objects.filter(email=email).first()
        if not ratelimit.consume(context.request, action="request_login_code", key=email):
            raise get_adapter().validation_error("too_many_login_attempts")
        self.person = found if found is not None and found.is_active else None
        return email


class CodeForm(ConfirmLoginCodeForm):
    """The code from the mail. `may_guess` counts before the code is looked at; `person_id` is None for nobody."""

    def __init__(self, *args: Any, may_guess: Callable[[], bool], person_id: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.may_guess, self.person_id = may_guess, person_id

    def clean_code(self) -> str:
        with logged_refusal("code", person_id=self.person_id):
            if not self.may_guess():
                raise get_adapter().validation_error("incorrect_code")
            code: str = super().clean_code()
            if self.person_id is None:
                raise get_adapter().validation_error("incorrect_code")
        return code


class _Counted(BaseAuthenticateForm):
    """A code from an app, or a recovery code, counted before it is looked at."""

    def clean_code(self) -> str:
        with logged_refusal("app", person_id=self.user.pk):
            if not may_guess_factor(person_id=self.user.pk, now=timezone.now()):
                raise get_adapter().validation_error("too_many_login_attempts")
            code: str = super().clean_code()
        forget_factor_guesses(person_id=self.user.pk)
        return code


class FactorForm(_Counted, AuthenticateForm):
    """At signing in."""


class FactorAgainForm(_Counted, ReauthenticateForm):
    """As fresh proof."""


@contextmanager
def in_words_of_passkeys() -> Iterator[None]:
    """The library speaks of a code, which nobody typed. The same for a removed passkey as for one of somebody else."""
    try:
        yield
    except ValidationError as error:
        if error.code != "incorrect_code":
            raise
        sentence = _(
            "This passkey did not work. It may have been removed. Try again, or sign in with a code by e-mail."
        )
        raise ValidationError(sentence, code=error.code) from error


class PasskeyForm(LoginWebAuthnForm):
    """Signing in by a passkey alone."""

    def clean_credential(self) -> Authenticator:
        with in_words_of_passkeys(), logged_refusal("passkey", person_id=None):
            return super().clean_credential()


class PasskeyFactorForm(AuthenticateWebAuthnForm):
    """A passkey after the code from a mail."""

    def clean_credential(self) -> Authenticator:
        with in_words_of_passkeys(), logged_refusal("passkey", person_id=self.user.pk):
            return super().clean_credential()

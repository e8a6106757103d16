"""The form that adds a passkey."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext as _


class PasskeyForm(AddWebAuthnForm):
    """Passwordless sign-in is ticked by default, because that is what people expect of a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name")
        alone = self.fields["passwordless"]
        alone.initial, alone.label = True, _("Sign in with it alone")
        alone.help_text = _("Without a code by mail. Untick it for a key that you use after the code.")

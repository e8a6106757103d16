"""What a session knows of its sign-in: allauth keeps a record of each proof there, and when it was."""

from datetime import datetime
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY
from django.test import Client

from cohorts.models import Person


def records(person: Person, at: datetime, method: str = "code") -> dict[str, Any]:
    """The session of somebody who proved at this instant who they are."""
    return {
        AUTHENTICATION_METHODS_SESSION_KEY: [{"method": method, "at": at.timestamp()}],
        _AUTHENTICATION_METHODS_USER_SESSION_KEY: str(person.pk),
    }


def prove(client: Client, person: Person, at: datetime, method: str = "code") -> None:
    """The only proof this client's session knows."""
    session = client.session
    session.update(records(person, at, method))
    session.save()

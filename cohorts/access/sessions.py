"""End the sessions of a person."""

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from cohorts.models import Person


def end_sessions(person: Person, *, but: str | None = None) -> int:
    """Sign this person out everywhere, except in the session with the key `but`. Returns how many ended.

    A tenant may ask for it only when no other organisation lets the person in.
    """
    theirs = UserSession.objects.filter(user=person).exclude(session_key=but or "")
    keys = list(theirs.values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    theirs.delete()
    return len(keys)

"""The factors of a person: a page that changes them tells their owner, in the same transaction."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cohorts.models import Person
from cohorts.people.devices import agent_of
from cohorts.people.factor_policy import ensure_may_remove_factor
from cohorts.people.sign_in_notices import What, tell

RECOVERY_CODES = Authenticator.Type.RECOVERY_CODES
View = Callable[..., HttpResponse]


def tells_of_factors(view: View) -> View:
    """Mail the person about each factor that this POST added or removed, whatever page of the library did it."""

    @wraps(view)
    def watched(request: HttpRequest, *args: Any, **keys: Any) -> HttpResponse:
        if request.method != "POST" or not request.user.is_authenticated:
            return view(request, *args, **keys)
        with transaction.atomic():
            person = Person.objects.select_for_update(no_key=True).get(pk=request.user.pk)
            before = _factors(person)
            response = view(request, *args, **keys)
            after = _factors(person)
            _tell_all(request, person, What.FACTOR_REMOVED, _worth_telling(before, after))
            added = _worth_telling(after, before)
            _tell_all(request, person, What.FACTOR_ADDED, added)
            for each in added:
                # Adding one shows that it is at hand: no need to ask for it at once, to see the recovery codes.
                record_authentication(request, person, "mfa", id=each.pk, type=each.type, reauthenticated=True)
        return response

    return watched


def keeps_the_last(view: View) -> View:
    """Refuse to remove the only factor of somebody who must have one. Inside `tells_of_factors`, which locks them."""

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **keys: Any) -> HttpResponse:
        if request.user.is_authenticated:
            ensure_may_remove_factor(request.user)
        return view(request, *args, **keys)

    return kept


def _factors(person: Person) -> dict[int, Authenticator]:
    return {each.pk: each for each in Authenticator.objects.filter(user=person).order_by("pk")}


def _worth_telling(these: dict[int, Authenticator], those: dict[int, Authenticator]) -> list[Authenticator]:
    """What is only among these. Recovery codes come and go with a factor; they are told of when they are all."""
    changed = [each for pk, each in these.items() if pk not in those]
    return [each for each in changed if each.type != RECOVERY_CODES] or changed


def _tell_all(request: HttpRequest, person: Person, what: What, factors: list[Authenticator]) -> None:
    for each in factors:
        name = each.wrap().name if each.type == Authenticator.Type.WEBAUTHN else ""
        tell(
            person=person,
            what=what,
            subject_id=each.pk,
            sort=each.type,
            name=name,
            agent=agent_of(request),
            now=timezone.now(),
        )

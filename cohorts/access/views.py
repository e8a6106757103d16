"""Asking for a code, typing it, and where somebody is signed in."""

from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.stages import LoginByCodeStage
from allauth.account.views import ConfirmLoginCodeView, RequestLoginCodeView
from allauth.usersessions.views import ListUserSessionsView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic.edit import FormView

from cohorts.access.code_sign_in import CodeSignIn
from cohorts.access.forms import AddressForm, CodeForm
from cohorts.access.sessions import note_device_kind, open_sessions


class AskForCode(RequestLoginCodeView):
    def get_form_class(self) -> type[AddressForm]:
        return AddressForm

    def form_valid(self, form: AddressForm) -> HttpResponse:
        note_device_kind(self.request)
        CodeSignIn.begin(request=self.request, person=form.person, email=form.cleaned_data["email"])
        return redirect(self.get_success_url())


@method_decorator(
    login_stage_required(stage=LoginByCodeStage.key, redirect_urlname="account_request_login_code"), name="dispatch"
)
class TypeCode(ConfirmLoginCodeView):
    @method_decorator(never_cache)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.stage = request._login_stage  # type: ignore[attr-defined]
        process = CodeSignIn.resume(self.stage)
        if process is None:
            return redirect("account_request_login_code")
        self._process = process
        return FormView.dispatch(self, request, *args, **kwargs)

    def get_form_class(self) -> type:
        found: type = super().get_form_class()
        return CodeForm if self._action == "verify" else found

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        if self._action == "verify":
            person = self._process.user
            kwargs |= {"may_guess": self._process.may_guess, "person_id": person.pk if person else None}
        return kwargs


class Devices(ListUserSessionsView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = open_sessions(self.request, self.request.user, now=timezone.now())
        return FormView.get_context_data(self, **kwargs) | {"sessions": found}


ask_for_code = AskForCode.as_view()
type_code = TypeCode.as_view()
devices = Devices.as_view()

"""A page with one form: shown, refused beside its fields with 422, or saved."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from cohorts.web.refusals import Invalid


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is made from: the fields of a POST, else nothing."""
    return request.POST if request.method == "POST" else None


def form_page(
    request: HttpRequest,
    form: BaseForm,
    save: Callable[[], HttpResponse],
    template: str,
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """What `save` answers once the form is valid; else the page with the form in it, and 422 when it was sent.

    `save` calls the action. What the action refuses all the same stands beside its field, too.
    """
    with beside_its_field(form):
        if form.is_valid():
            return save()
    return render(request, template, {"form": form, **(context or {})}, status=422 if form.is_bound else 200)


@contextmanager
def beside_its_field(form: BaseForm) -> Iterator[None]:
    """An Invalid raised in here becomes an error of the form."""
    try:
        yield
    except Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal)

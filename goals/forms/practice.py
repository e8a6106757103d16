from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from cohorts.web.arrivals import KeyedForm
from cohorts.web.forms import beside_its_field
from cohorts.web.inputs import TextField
from goals.models import Focus, Practice, Went
from goals.rules import MAX_LINE_CHARACTERS, MAX_PLACE_CHARACTERS, ensure_went

DID_IT = [("yes", gettext_lazy("I did it")), ("no", gettext_lazy("Not today"))]


class PracticeForm(KeyedForm):
    """Did it or not today, how it went, and optionally which plan, where, and a line."""

    did_it = forms.ChoiceField(
        label=gettext_lazy("Did you try it?"),
        choices=DID_IT,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one.")},
    )
    went = forms.TypedChoiceField(
        label=gettext_lazy("How did it go?"),
        choices=Went.choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    focus = forms.TypedChoiceField(label=gettext_lazy("For which plan"), coerce=int, empty_value=None, required=False)
    place = TextField(label=gettext_lazy("Where"), max_length=MAX_PLACE_CHARACTERS, required=False)
    line = TextField(
        label=gettext_lazy("A line for yourself"),
        max_length=MAX_LINE_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, focuses: Sequence[Focus], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.focuses = {focus.pk: focus for focus in focuses}
        cast(forms.ChoiceField, self.fields["focus"]).choices = [(focus.pk, str(focus)) for focus in focuses]
        if len(focuses) < 2:
            del self.fields["focus"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("did_it") == "yes" and "went" not in self.errors:
            with beside_its_field(self):
                ensure_went(cleaned.get("went"))
        return cleaned

    def words(self) -> dict[str, Any]:
        """The arguments of `log_practice`. With only one current focus, the practice is for that one."""
        chosen = self.cleaned_data.get("focus") or next(iter(self.focuses), 0)
        return {
            "did_it": self.cleaned_data["did_it"] == "yes",
            "went": self.cleaned_data["went"],
            "focus": self.focuses.get(chosen),
            "place": self.cleaned_data["place"],
            "line": self.cleaned_data["line"],
            "key": self.cleaned_data["key"],
            "edition": self.cleaned_data["edition"],
        }


def practice_form(
    focuses: Iterable[Focus], practice: Practice | None, data: Any = None, likely: Focus | None = None
) -> PracticeForm:
    """The form for one date, with what was logged already, or with the `likely` plan."""
    initial: dict[str, Any] = {"focus": likely.pk if likely else None}
    if practice is not None:
        initial |= {"did_it": "yes" if practice.did_it else "no", "went": practice.went, "focus": practice.focus_id}
        initial |= {"place": practice.place, "line": practice.line}
        initial |= {"key": practice.key, "edition": practice.edition}
    return PracticeForm(data, focuses=list(focuses), initial=initial)

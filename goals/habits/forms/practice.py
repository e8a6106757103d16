from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy

from cohorts.web.arrivals import KeyedForm
from cohorts.web.inputs import TextField
from goals.habits.rules import MAX_LINE_CHARACTERS, MAX_PLACE_CHARACTERS
from goals.models import Focus, Practice, Went

DID_IT = [("yes", gettext_lazy("I did it")), ("no", gettext_lazy("Not today"))]


class PracticeForm(KeyedForm):
    """Did it or not today, and optionally how it went, which plan, where, and a line."""

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

    def words(self, said: Practice | None = None) -> dict[str, Any]:
        """The arguments of `log_practice`. With only one current focus, the practice is for that one.

        A form that did not ask for a field keeps what was `said` there: the two buttons of Today know only the deed.
        """
        kept = said.focus_id if said is not None and said.focus_id in self.focuses else None
        chosen = self.cleaned_data.get("focus") or kept or next(iter(self.focuses), 0)
        words = {name: self.cleaned_data[name] for name in ("went", "place", "line")}
        if said is not None:
            words |= {name: getattr(said, name) for name in words if name not in self.data}
        return {
            **words,
            "did_it": self.cleaned_data["did_it"] == "yes",
            "focus": self.focuses.get(chosen),
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

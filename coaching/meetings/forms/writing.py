import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from coaching.meetings.rules import MAX_ITEM_MINUTES, MAX_LINE_CHARACTERS, MAX_NOTE_CHARACTERS, MAX_WORDS_CHARACTERS
from cohorts.web.arrivals import KeyedForm
from cohorts.web.edit_form import EditForm
from cohorts.web.inputs import TextField

MINUTES = re.compile(r"[\s,(–-]+(?P<minutes>\d{1,3})\s*min(?:utes|utter)?\.?\)?\s*$", re.IGNORECASE)
MAX_TYPED = 100_000  # more than is saved, so that the page can say what was left out and keep it in the box


class NoteForm(KeyedForm, EditForm):
    """A note saved while somebody types; two who type in it at once both keep their lines."""

    WOVEN = ("text",)

    text = TextField(
        label=gettext_lazy("Note"),
        max_length=MAX_TYPED,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    sent = ""  # what a page that was typed in meanwhile goes on from

    @property
    def left_out(self) -> int:
        """How many characters do not fit and stay in the box."""
        return max(0, len(self.cleaned_data["text"]) - MAX_NOTE_CHARACTERS)

    def words(self) -> dict[str, Any]:
        """The arguments of `save_note` and `keep_own_note`: as much of it as fits."""
        text = self.cleaned_data["text"][:MAX_NOTE_CHARACTERS]
        return {"text": text, "key": self.cleaned_data["key"], "edition": self.cleaned_data["edition"]}


class DropInForm(KeyedForm):
    """A short talk in one sentence."""

    sentence = TextField(
        label=gettext_lazy("What did you talk about?"),
        max_length=MAX_NOTE_CHARACTERS,
        widget=forms.Textarea(
            attrs={"rows": 3, "placeholder": gettext_lazy("The late shift was short of two; she moved the huddle.")}
        ),
    )


class ShareForm(forms.Form):
    """Words of one's own note, to copy into the shared one."""

    words = TextField(
        label=gettext_lazy("What you want to share"),
        max_length=MAX_NOTE_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class TalkAnswerForm(forms.Form):
    """How the leader saw the talk."""

    saw_it_so = forms.TypedChoiceField(
        label=gettext_lazy("How did you see it?"),
        choices=[("yes", gettext_lazy("That is how I saw it")), ("no", gettext_lazy("I saw it differently"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    words = TextField(
        label=gettext_lazy("How you saw it"),
        max_length=MAX_WORDS_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AgendaForm(forms.Form):
    """One line for the agenda; “8 min” at its end says how long."""

    text = TextField(
        label=gettext_lazy("To talk about"),
        max_length=MAX_LINE_CHARACTERS,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("One more thing to talk about")}),
    )

    def item(self) -> dict[str, Any]:
        """The arguments of `raise_item`: “The rota, 8 min” is to take eight minutes."""
        text: str = self.cleaned_data["text"]
        found = MINUTES.search(text)
        if found is None or not 1 <= int(found["minutes"]) <= MAX_ITEM_MINUTES:
            return {"text": text, "minutes": None}
        return {"text": text[: found.start()], "minutes": int(found["minutes"])}

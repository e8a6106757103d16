"""A form that changes something saved, and knows what it showed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django import forms
from django.core import signing
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.web.arrivals import hidden_input
from cohorts.web.merge import merge, weave

SALT = "cohorts.web.edit_form"
THEIRS = "theirs"
SAVED_TOGETHER = gettext_lazy("Saved, together with what was changed elsewhere in the meantime.")


@dataclass(frozen=True, slots=True)
class Other:
    """What is saved by now where somebody else changed the same: shown beside one's own words."""

    choice: str  # the name of the radio buttons "Keep mine" and "Use this"
    words: list[str]


class EditedField(forms.BoundField):
    """A field that may have other words beside it."""

    @property
    def other(self) -> Other | None:
        return self.form.other_of(self.name)  # type: ignore[attr-defined]


class EditForm(forms.Form):
    """`revision` is that of the row the initial values come from; without one, the form begins something new.

    The page carries, signed, the revision and the values it showed. A save of a page that is no longer the newest
    changes only what it changed itself, and takes the rest from the row. Where both changed a field, the form comes
    back with the writer's words in it and the other words beside it. A sender that says nothing of what it saw, such as
    a script, is taken at its word.
    """

    bound_field_class = EditedField
    TOGETHER: ClassVar[tuple[tuple[str, ...], ...]] = ()  # fields that mean something only as a whole
    WOVEN: ClassVar[tuple[str, ...]] = ()  # long texts that are merged line by line

    opened = forms.CharField(required=False, widget=hidden_input())

    def __init__(self, *args: Any, revision: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.revision = revision
        self.took_over = False  # whether something of what is saved now is from another page
        self.conflicts: frozenset[str] = frozenset()
        self._is_merged = False

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        if field_name == "opened":
            return self._opened_now()
        return super().get_initial_for_field(field, field_name)

    def full_clean(self) -> None:
        if self.is_bound and self.revision is not None and not self._is_merged:
            self._is_merged = True
            self._merge()
        super().full_clean()
        if not self.is_bound:
            return
        self.cleaned_data.pop("opened", None)
        for name in self.conflicts:
            self.add_error(name, _("Changed elsewhere in the meantime. Choose which to keep, then save again."))

    def other_of(self, name: str) -> Other | None:
        if name not in self.conflicts:
            return None
        unit = self._unit_said(self._units()[name], self._saved_raw)
        words = [(self[each].label, self._words(each)) for each in unit]
        lines = [f"{label}: {text}" for label, text in words] if len(words) > 1 else [text for _label, text in words]
        return Other(choice_name(name), [line for line in lines if line])

    def meaning(self, values: dict[str, Any]) -> dict[str, Any]:
        """The values of a unit that say something: others may hold anything."""
        return values

    def typed(self) -> dict[str, Any]:
        """What was sent, as `saw` takes it."""
        return self._said(self._typed_raw)

    def saved_as(self, initial: dict[str, Any], revision: int) -> None:
        """Go on with a page that was saved and stays open: this is what it shows now."""
        self.initial, self.revision = {**self.initial, **initial}, revision
        data = cast(QueryDict, self.data).copy()
        data["opened"] = self._opened_now()
        self.data = data

    def _merge(self) -> None:
        data = cast(QueryDict, self.data).copy()
        opened = None if self._is_silent() else _read(data.get("opened", ""))
        units, theirs = self._units(), self._said(self._saved_raw)
        for name in units:
            if data.get(choice_name(name)) == THEIRS:
                self._take(data, units[name])
        self.data = data
        if not self._is_silent() and (opened is None or opened["revision"] != self.revision):
            shown = opened["values"] if opened else {}
            typed = self._said(self._typed_raw)
            merged = merge(shown, typed, theirs)
            for name in merged.taken:
                self._take(data, units[name])
            woven = {name: self._woven(name, shown, typed, theirs) for name in merged.conflicts}
            for name, text in woven.items():
                if text is not None:
                    data[self.add_prefix(name)] = text
            self.conflicts = frozenset(name for name, text in woven.items() if text is None)
            self.took_over = bool(merged.taken) or len(self.conflicts) < len(woven)
        data["opened"] = self._opened_now()

    def _woven(
        self, name: str, shown: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]
    ) -> str | None:
        """The lines of both, where a long text allows it."""
        if name not in self.WOVEN or name not in shown:
            return None
        return weave(*(str(values[name][name]) for values in (shown, mine, theirs)))

    def _is_silent(self) -> bool:
        return "opened" not in self.data

    def _take(self, data: Any, unit: tuple[str, ...]) -> None:
        for name in unit:
            data.setlist(self.add_prefix(name), self._saved_raw(name))

    def _opened_now(self) -> str:
        if self.revision is None:
            return ""
        return saw(self.revision, self._said(self._saved_raw))

    def _units(self) -> dict[str, tuple[str, ...]]:
        """What is compared as one, by the name of its first field."""
        together = {name: unit for unit in self.TOGETHER for name in unit}
        asked = [name for name, field in self.fields.items() if not field.disabled and not field.widget.is_hidden]
        return {name: together.get(name, (name,)) for name in asked if together.get(name, (name,))[0] == name}

    def _said(self, raw_of: Any) -> dict[str, Any]:
        """Each unit in one spelling, so that equal means the same."""
        return {name: self._unit_said(unit, raw_of) for name, unit in self._units().items()}

    def _unit_said(self, unit: tuple[str, ...], raw_of: Any) -> dict[str, Any]:
        values = {name: _one_spelling(self.fields[name], raw_of(name)) for name in unit}
        return self.meaning(values) if len(unit) > 1 else values

    def _saved_raw(self, name: str) -> list[str]:
        """The saved value as the browser would send it back."""
        field = self.fields[name]
        initial = super().get_initial_for_field(field, name)
        if isinstance(field, forms.BooleanField):
            return ["on"] if initial else []  # the box itself, which its widget has no value for
        return _listed(field.widget.format_value(field.prepare_value(initial)))

    def _typed_raw(self, name: str) -> list[str]:
        return _listed(self.fields[name].widget.value_from_datadict(self.data, self.files, self.add_prefix(name)))

    def _words(self, name: str) -> str:
        field, raw = self.fields[name], self._saved_raw(name)
        if isinstance(field, forms.ChoiceField):
            labels = {str(key): str(label) for key, label in _flat(field.choices)}
            return ", ".join(labels.get(each, each) for each in raw)
        return ", ".join(raw)


def saw(revision: int, values: Mapping[str, Any]) -> str:
    """What a page showed, signed, as it comes back in `opened`."""
    return signing.dumps({"revision": revision, "values": values}, salt=SALT, compress=True)


def choice_name(field_name: str) -> str:
    return f"choice-{field_name}"


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    """Choices without their groups."""
    pairs: list[tuple[Any, Any]] = []
    for key, label in choices:
        pairs += label if isinstance(label, list | tuple) else [(key, label)]
    return pairs


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]


def _one_spelling(field: forms.Field, raw: list[str]) -> Any:
    if isinstance(field, forms.MultipleChoiceField):
        return sorted(raw)
    text = raw[0] if raw else ""
    if isinstance(field, forms.ModelChoiceField):
        return text
    try:
        value = field.to_python(text)
    except forms.ValidationError:
        return text
    return "" if value in field.empty_values else str(value)


def _read(opened: str) -> Mapping[str, Any] | None:
    try:
        read: Mapping[str, Any] = signing.loads(opened, salt=SALT)
    except signing.BadSignature:
        return None
    return read

"""Working on a draft of a curriculum: a step, a live event, a week of the sponsor, each in all of its languages.

The limits are those its files are held to. What is written keeps them at once; what is still missing may wait until
the draft is published.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.text import Truncator, slugify
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from cohorts import curriculum_content as content
from cohorts.actions.drafts import MilestoneFacts, StepFacts
from cohorts.behaviours import Behaviour
from cohorts.located_yaml import single_spaced
from cohorts.models import Curriculum, CurriculumVersion, Milestone, SponsorWeek, Step
from cohorts.models.cohort import Cadence

LONGEST = 2_000  # characters of one text, far above every limit in words
LONGEST_NAME = 120
LONGEST_SLUG = 80
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*").fullmatch
SPELLED = str.maketrans({"æ": "ae", "ø": "o", "Æ": "ae", "Ø": "o", "_": " "})  # slugify would drop them, and keep _

Texts = dict[str, dict[str, str]]


def one_line(value: object) -> str:
    """A text as the files keep it: with single spaces."""
    return "" if value is None else single_spaced(str(value))


def language_name(code: str) -> str:
    """A language in its own words."""
    return dict(settings.LANGUAGES).get(code, code)


@dataclass(frozen=True, slots=True)
class Wording:
    """One text that is written in every language, and what it is held to. `openings` are the ways it may begin."""

    name: str
    label: str | Promise
    words: int = 0
    characters: int = 0
    openings: Mapping[str, tuple[str, ...]] | None = None
    is_question: bool = False
    about: str | Promise = ""

    def rules(self, language: str) -> Iterator[str]:
        """What the writer is told beforehand."""
        if self.openings:
            yield self.opening_rule(language)
        if self.is_question:
            yield _("Ends in a question mark.")
        if self.characters:
            yield ngettext("At most %d character.", "At most %d characters.", self.characters) % self.characters
        if self.words:
            yield ngettext("At most %d word.", "At most %d words.", self.words) % self.words

    def opening_rule(self, language: str) -> str:
        one, other = (opening.strip() for opening in (self.openings or {})[language])
        return _("Begins with “%(one)s” or “%(other)s”.") % {"one": one, "other": other}

    def wrong(self, text: str, language: str) -> Iterator[str]:
        """Everything a text that is there does not keep to."""
        if self.openings and not text.startswith(self.openings[language]):
            yield self.opening_rule(language)
        if self.is_question and not text.endswith("?"):
            yield _("Ends in a question mark.")
        if self.characters and (count := len(text)) > self.characters:
            yield _("At most %(most)d characters; these are %(count)d.") % {"most": self.characters, "count": count}
        if self.words and (count := len(text.split())) > self.words:
            yield _("At most %(most)d words; these are %(count)d.") % {"most": self.words, "count": count}


class WordingField(forms.CharField):
    """A wording in one language; a counter follows the writer."""

    def __init__(self, wording: Wording, language: str) -> None:
        self.wording, self.language = wording, language
        unit, most = ("characters", wording.characters) if wording.characters else ("words", wording.words)
        super().__init__(
            required=False,
            max_length=LONGEST,
            widget=forms.Textarea(attrs={"rows": 2, "lang": language, "data-count": unit, "data-most": most}),
            label=format_html('{} <span class="quiet fw-normal">({})</span>', wording.label, language_name(language)),
            help_text=" ".join(filter(None, [str(wording.about), *wording.rules(language)])),
        )

    def clean(self, value: Any) -> str:
        return cast(str, super().clean(one_line(value)))

    def validate(self, value: str) -> None:
        if value and (wrong := list(self.wording.wrong(value, self.language))):
            raise ValidationError([ValidationError(sentence) for sentence in wrong])


@dataclass(frozen=True, slots=True)
class LanguagePart:
    """The fields of one language, which stand beside those of another; `missing` are labels of what is not written."""

    code: str
    name: str
    fields: list[forms.BoundField]
    missing: list[str]

    @property
    def is_empty(self) -> bool:
        return len(self.missing) == len(self.fields)


class DraftForm(forms.Form):
    """Facts, and texts in every language of the draft. Two people may have it open at once.

    It carries fingerprints of what it was opened with. What only one of them changed is taken from that one. Where both
    did, the field keeps what was typed, an error says what is saved by now, and saving again means it.
    """

    WORDINGS: ClassVar[tuple[Wording, ...]] = ()
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        languages: Iterable[str],
        saved: Mapping[str, Any],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.language_codes = tuple(languages)
        self._saved = {name: one_line(value) for name, value in saved.items()}
        self._conflicts: list[str] = []
        self.took_over = False  # whether something is somebody else's, saved since the form was opened
        merged = None if data is None else self._merged(data)
        super().__init__(merged, initial={**(initial or {}), **saved, "opened": self._fingerprints()})
        for language in self.language_codes:
            for wording in self.WORDINGS:
                self.fields[f"{language}-{wording.name}"] = WordingField(wording, language)

    @property
    def facts(self) -> list[forms.BoundField]:
        """What is the same in every language."""
        return [self[name] for name in self.base_fields if name != "opened"]

    @property
    def languages(self) -> list[LanguagePart]:
        """What is said in each."""
        return [
            LanguagePart(
                language,
                language_name(language),
                [self[f"{language}-{wording.name}"] for wording in self.WORDINGS],
                [str(wording.label) for wording in self.WORDINGS if not words[wording.name]],
            )
            for language, words in self.typed().items()
        ]

    def typed(self) -> Texts:
        """The texts as they stand in the form, whatever is wrong with them."""
        return self._texts(lambda name: one_line(self[name].value())[:LONGEST])

    def texts(self) -> Texts:
        """The texts, once the form is valid."""
        return self._texts(self.cleaned_data.__getitem__)

    def clean(self) -> None:
        for name in self._conflicts:
            self.add_error(name, self._conflict(name))

    def _texts(self, value_of: Any) -> Texts:
        return {
            language: {wording.name: value_of(f"{language}-{wording.name}") for wording in self.WORDINGS}
            for language in self.language_codes
        }

    def _fingerprints(self) -> str:
        return json.dumps({name: _fingerprint(value) for name, value in self._saved.items()})

    def _merged(self, data: QueryDict) -> QueryDict:
        """What was typed, and what somebody else has saved meanwhile in the fields that were left alone."""
        opened = _read_fingerprints(data.get("opened", ""))
        merged = data.copy()
        for name, theirs in self._saved.items():
            mine = one_line(data.get(name))
            if mine == theirs or _fingerprint(theirs) == opened.get(name):
                continue
            if _fingerprint(mine) == opened.get(name):
                merged[name] = theirs
                self.took_over = True
            else:
                self._conflicts.append(name)
        merged["opened"] = self._fingerprints()
        return merged

    def _conflict(self, name: str) -> str:
        choices = {str(key): str(label) for key, label in getattr(self.fields[name], "choices", ())}
        if theirs := choices.get(self._saved[name], self._saved[name]):
            sentence = _("Somebody else saved this meanwhile: “%(theirs)s”. Save again to keep yours instead.")
            return sentence % {"theirs": theirs}
        return _("Somebody else emptied this meanwhile. Save again to keep yours instead.")


class StepForm(DraftForm):
    """One day's content."""

    WORDINGS = (
        Wording(
            "title",
            gettext_lazy("Title"),
            characters=content.MOST_TITLE_CHARACTERS,
            about=gettext_lazy("It is the subject of the mail."),
        ),
        Wording(
            "why",
            gettext_lazy("Why it matters"),
            words=content.MOST_WHY_WORDS,
            about=gettext_lazy("With the evidence, saying no more than the source does."),
        ),
        Wording(
            "practice",
            gettext_lazy("Practice"),
            words=content.MOST_PRACTICE_WORDS,
            openings=content.PRACTICE_OPENINGS,
            about=gettext_lazy("One thing to try, in a normal shift."),
        ),
        Wording("question", gettext_lazy("Question"), words=content.MOST_QUESTION_WORDS, is_question=True),
    )

    day = forms.IntegerField(label=gettext_lazy("Day"), min_value=1, max_value=content.DAYS_OF_PROGRAMME)
    kind = forms.ChoiceField(label=gettext_lazy("Core or extra"), choices=Step.Kind.choices)
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=1, max_value=content.MOST_MINUTES)
    cadence = forms.TypedChoiceField(
        label=gettext_lazy("Lowest dial"),
        coerce=int,
        choices=[(dial.value, dial.label) for dial in (Cadence.LIGHT, Cadence.STEADY, Cadence.STRETCH)],
        help_text=gettext_lazy("Core comes at every dial."),
    )
    theme = forms.ChoiceField(label=gettext_lazy("Theme"))
    behaviour = forms.ChoiceField(
        label=gettext_lazy("Behaviour"), choices=[("", gettext_lazy("Choose…")), *Behaviour.choices]
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Source"),
        required=False,
    )

    def __init__(
        self, data: QueryDict | None = None, *, version: CurriculumVersion, step: Step | None = None, **kwargs: Any
    ) -> None:
        saved = _said_of_step(step, version) if step else {}
        super().__init__(data, languages=version.languages, saved=saved, **kwargs)
        language = get_language() or "en"
        themes = [(theme, version.theme_in(theme, language)) for theme in version.themes]
        sources = [(key, Truncator(citation).chars(90)) for key, citation in version.sources.items()]
        by_label = sorted(sources, key=lambda source: source[1].casefold())
        cast(forms.ChoiceField, self.fields["theme"]).choices = [("", _("Choose…")), *themes]
        cast(forms.ChoiceField, self.fields["source"]).choices = [("", _("None yet")), *by_label]

    def clean(self) -> None:
        super().clean()
        day, kind = self.cleaned_data.get("day"), self.cleaned_data.get("kind")
        if kind == Step.Kind.CORE:
            self.cleaned_data["cadence"] = Cadence.LIGHT.value
            if day and content.is_weekend(day):
                self.add_error("day", _("The weekend of a Monday start: only an extra may stand there."))

    def step_facts(self) -> StepFacts:
        """What was said beside the texts, once the form is valid."""
        return StepFacts(**{name: self.cleaned_data[name] for name in StepFacts.__slots__})


class DraftMilestoneForm(DraftForm):
    """A live event."""

    WORDINGS = (
        Wording("title", gettext_lazy("Title"), characters=content.MOST_TITLE_CHARACTERS),
        Wording("what", gettext_lazy("What happens"), words=content.MOST_WHAT_WORDS),
        Wording("prepare", gettext_lazy("What to bring or prepare"), words=content.MOST_PREPARE_WORDS),
    )

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Milestone.Kind.choices)
    day = forms.IntegerField(
        label=gettext_lazy("Day"),
        min_value=content.FIRST_MILESTONE_DAY,
        max_value=content.LAST_MILESTONE_DAY,
        help_text=gettext_lazy("From −14 to 104. Day 0 is the day before day 1. A cohort can move it."),
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"),
        min_value=content.LEAST_MILESTONE_MINUTES,
        max_value=content.MOST_MILESTONE_MINUTES,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        version: CurriculumVersion,
        milestone: Milestone | None = None,
        **kwargs: Any,
    ) -> None:
        saved: dict[str, Any] = {}
        if milestone:
            saved = {name: getattr(milestone, name) for name in MilestoneFacts.__slots__}
            saved |= _flat(milestone.text, version.languages, self.WORDINGS)
        super().__init__(data, languages=version.languages, saved=saved, **kwargs)

    def milestone_facts(self) -> MilestoneFacts:
        return MilestoneFacts(**{name: self.cleaned_data[name] for name in MilestoneFacts.__slots__})


class SponsorWeekForm(DraftForm):
    """The theme of a week, and the sponsor's part in it."""

    WORDINGS = (
        Wording("theme", gettext_lazy("Theme of the week"), characters=LONGEST_NAME),
        Wording("works_on", gettext_lazy("What the leader works on"), words=content.MOST_SPONSOR_WORDS),
        Wording("ask", gettext_lazy("One thing to ask"), words=content.MOST_SPONSOR_WORDS),
        Wording("watch_for", gettext_lazy("One thing to watch for"), words=content.MOST_SPONSOR_WORDS),
        Wording("say", gettext_lazy("One thing to say"), words=content.MOST_SPONSOR_WORDS),
    )

    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), min_value=1, max_value=content.MOST_MINUTES)

    def __init__(
        self, data: QueryDict | None = None, *, version: CurriculumVersion, week: SponsorWeek, **kwargs: Any
    ) -> None:
        saved = {"minutes": week.minutes, **_flat(week.text, version.languages, self.WORDINGS)}
        saved |= {f"{language}-theme": week.theme.get(language, "") for language in version.languages}
        super().__init__(data, languages=version.languages, saved=saved, **kwargs)

    def theme_and_text(self) -> tuple[dict[str, str], Texts]:
        """The two apart, as the week keeps them; once the form is valid."""
        texts = self.texts()
        return {language: words.pop("theme") for language, words in texts.items()}, texts


class CopyForm(forms.Form):
    """What a copy of a curriculum is called."""

    slug = forms.CharField(
        label=gettext_lazy("Short name"),
        required=False,
        max_length=LONGEST_SLUG,
        help_text=gettext_lazy(
            "Small letters, digits and hyphens; it names the files. Left empty, it comes from the title."
        ),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, version: CurriculumVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._languages = list(version.languages)
        for language in self._languages:
            self.fields[f"{language}-title"] = forms.CharField(
                label=format_html('{} <span class="quiet fw-normal">({})</span>', _("Title"), language_name(language)),
                max_length=LONGEST_NAME,
                widget=forms.TextInput(attrs={"lang": language}),
            )
        self.order_fields([f"{language}-title" for language in self._languages])

    def titles(self) -> dict[str, str]:
        """By language, once the form is valid."""
        return {language: one_line(self.cleaned_data[f"{language}-title"]) for language in self._languages}

    def clean_slug(self) -> str:
        slug = self.cleaned_data["slug"].strip().lower()
        if not slug:
            return self._suggested()
        if not SLUG(slug):
            raise ValidationError(_("Only small letters from a to z, digits, and single hyphens between them."))
        if slug in _taken():
            raise ValidationError(_("Another curriculum has this short name."))
        return slug

    def _suggested(self) -> str:
        title = next((self.data.get(f"{language}-title", "") for language in self._languages), "")
        stem = slugify(title.translate(SPELLED))[: LONGEST_SLUG - 4].strip("-_") or "curriculum"
        taken = _taken()
        numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
        return next(slug for slug in (stem, *numbered) if slug not in taken)


def _said_of_step(step: Step, version: CurriculumVersion) -> dict[str, Any]:
    facts = {name: getattr(step, name) for name in StepFacts.__slots__}
    return {**facts, **_flat(step.text, version.languages, StepForm.WORDINGS)}


def _flat(texts: Texts, languages: Iterable[str], wordings: Iterable[Wording]) -> dict[str, str]:
    """Texts by the names of their fields."""
    return {
        f"{language}-{wording.name}": texts.get(language, {}).get(wording.name, "")
        for language in languages
        for wording in wordings
    }


def _fingerprint(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:16]


def _read_fingerprints(opened: str) -> dict[str, str]:
    try:
        read = json.loads(opened)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _taken() -> set[str]:
    return set(Curriculum.objects.values_list("slug", flat=True))

"""The form that imports a curriculum."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cohorts.curriculum.files import MAX_FILES_BYTES


class CurriculumZipForm(forms.Form):
    """One zip with the files of one version."""

    file = forms.FileField(
        label=gettext_lazy("Zip file"),
        help_text=gettext_lazy(
            "At most 512 kB, packed and unpacked. A whole curriculum in two languages is half that."
        ),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        allow_empty_file=True,
    )
    replaces = forms.BooleanField(
        label=gettext_lazy("Replace the draft of this curriculum, if there is one"),
        help_text=gettext_lazy("The text in that draft will be lost."),
        required=False,
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size and file.size > MAX_FILES_BYTES:
            raise forms.ValidationError(_("That file is larger than 512 kB. Nothing was stored."))
        return file

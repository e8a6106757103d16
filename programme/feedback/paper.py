"""The report of a 360 round as a well-formed page to print: the same report as on the page, and nothing else."""

from django.template.loader import render_to_string

from cohorts.models import Organisation
from feedback360.models import Subject
from programme.feedback.charts import drawn
from programme.feedback.reading import reading_of


def result_page(subject: Subject, organisation: Organisation, language: str) -> str:
    """In the active language, which is `language`."""
    reading = reading_of(subject, language)
    context = {
        "organisation": organisation,
        "language": language,
        "subject": subject,
        "report": reading.report,
        "plots": drawn(reading.report),
    }
    return render_to_string("reports/result.html", context)

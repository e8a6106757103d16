"""A refusal by name is a page with its sentence, whoever raised it."""

import pytest

from cohorts.enrolment.views import enrolments
from cohorts.web.refusals import Invalid


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_value_refused_outside_a_form_answers_422(client_for, cast, monkeypatch, headers):
    def refuse(**_values: object) -> None:
        raise Invalid("on", "That day is not possible.")

    monkeypatch.setattr(enrolments, "leave", refuse)
    hana = client_for(cast.hana)

    answer = hana.post(hana.url("enrolment_leaving", cast.enrolment(cast.ada).pk), headers=headers)

    assert (answer.status_code, answer["HX-Retarget"]) == (422, "body")
    assert "<p data-refusal>That day is not possible.</p>" in answer.content.decode()

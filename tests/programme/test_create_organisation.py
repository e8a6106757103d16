"""Opening an organisation by command: all of it or nothing."""

import pytest
from django.core.management import CommandError, call_command

from cohorts.models import Organisation


@pytest.mark.parametrize(
    ("name", "email", "field"), [("", "eva@fjord.test", "name"), ("Fjord", "eva at fjord", "email")]
)
def test_what_is_refused_leaves_no_organisation_behind(name: str, email: str, field: str, db: object) -> None:
    with pytest.raises(CommandError, match=f"^{field}: "):
        call_command("create_organisation", "fjord", name, email, "Eva Fjord")

    assert not Organisation.objects.filter(slug="fjord").exists()

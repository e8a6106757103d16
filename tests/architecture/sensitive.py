"""Every route that asks for fresh proof, and every download that does not, with the reason.

To add a route with `fresh`, `fresh_file` or `fresh_when` of `cohorts.access.fresh`, add a line to SENSITIVE;
to add a download without it, a line to FREE_DOWNLOADS.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse


@dataclass(frozen=True)
class Ask:
    """Somebody who may, and a request that would do it."""

    person: str
    methods: tuple[str, ...] = ("GET", "POST")
    keys: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)


# The factors of a person, their sessions; the roles that can give roles; the kill switch; lists about other people.
SENSITIVE = {
    "mfa_activate_totp": Ask("ada"),
    "mfa_deactivate_totp": Ask("ada"),
    "mfa_view_recovery_codes": Ask("ada", ("GET",)),
    "mfa_generate_recovery_codes": Ask("ada"),
    "mfa_download_recovery_codes": Ask("ada", ("GET",)),
    "mfa_add_webauthn": Ask("ada"),
    "mfa_remove_webauthn": Ask("ada"),
    "mfa_edit_webauthn": Ask("ada"),
    "usersessions_list": Ask("ada"),
    "member_new": Ask("olav", ("POST",), fields={"email": "x@y.test", "name": "X", "roles": ["coach", "admin"]}),
    "member_roles": Ask("olav", ("POST",), fields={"roles": ["owner"], "sure": "on"}),
    "member_roles_undoing": Ask("olav", ("POST",), keys={"give": "none", "take": "admin"}),
    "members_export": Ask("hana", ("GET",)),
    "member_recovery": Ask("olav"),
    "member_merge": Ask("hana", ("POST",), fields={"email": "x@acme.test", "stays": "this", "sure": "on"}),
    "member_correction": Ask("hana", ("POST",), fields={"name": "X", "email": "x@acme.test", "sure": "on"}),
    "factor_policy": Ask("olav"),
    "settings_key_new": Ask("olav"),
    "settings_key_rotating": Ask("olav"),
    "settings_key_revoking": Ask("olav", ("POST",)),
    "token_new": Ask("ada"),
    "token_rotating": Ask("ada"),
    "token_revoking": Ask("ada", ("POST",)),
    "cohort_hold": Ask("hana", ("POST",)),
    "cohort_release": Ask("hana", ("POST",)),
    "settings_sending_off": Ask("hana", ("POST",)),
    "settings_sending_undoing": Ask("hana", ("POST",)),
    "cohort_export": Ask("hana", ("GET",)),
    "cohort_results_download": Ask("hana", ("GET",)),
    "organisation_results_download": Ask("hana", ("GET",)),
    "trail_download": Ask("hana", ("POST",)),
    "calibration_download": Ask("sol", ("GET",)),
    "report_file": Ask("sol", ("GET",)),
}

FREE_DOWNLOADS = {
    "api_description": "holds no person",
    "calendar_feed": "opened by a calendar program with a key of its own; one's own talks and visits",
    "curriculum_example": "holds no person",
    "curriculum_files": "holds no person",
    "figure_intake_problems": "rows that this very person uploaded and that were refused",
    "intake_problems": "rows that this very person uploaded and that were refused",
    "mentor_intake_problems": "rows that this very person uploaded and that were refused",
    "rater_intake_problems": "rows that this very person uploaded and that were refused",
}


def files_without_proof(name: str, answers: Iterable[HttpResponse]) -> list[str]:
    """Which kinds of file a route sent, if it neither asks for proof nor says why not."""
    kinds = [answer.headers.get("Content-Type", "text/html") for answer in answers if _is_file(answer)]
    return [] if name in SENSITIVE or name in FREE_DOWNLOADS else kinds


def _is_file(answer: HttpResponse) -> bool:
    is_page = answer.headers.get("Content-Type", "text/html").startswith("text/html")
    return answer.status_code == 200 and ("Content-Disposition" in answer.headers or not is_page)

"""For every endpoint and method: the page that shows or does the same, and by which fields one recognises it there.

The tests in `test_equality.py` are generated from this table; an endpoint without a line fails.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Same:
    """`page` and `page_method` are a line of `tests/architecture/access_inside.txt`: who gets what there, gets it here.

    `shows`: values of the answer that stand on that page, too; `*` is each row of a list. `variant` as in that table.
    """

    endpoint: str
    method: str
    page: str
    page_method: str = "GET"
    shows: tuple[str, ...] = ()


TABLE = [
    Same("api_cohorts", "GET", "cohort_list", shows=("data.*.name",)),
    Same("api_cohort", "GET", "cohort", shows=("name",)),
    Same("api_cohort", "PATCH", "cohort_change", "POST"),
    Same("api_closed_days", "GET", "closed_day_list"),
    Same("api_closed_days", "POST", "closed_day", "POST"),
    Same("api_enrolments", "GET", "cohort", shows=("data.*.leader.name", "data.*.sponsor.name")),
    Same("api_enrolments", "POST", "person_new", "POST"),
    Same("api_enrolment", "GET", "enrolment", shows=("leader.name", "leader.email", "sponsor.name")),
    Same("api_enrolment", "PATCH", "enrolment_schedule", "POST"),
    Same("api_enrolment", "DELETE", "enrolment_leaving", "POST"),
    Same("api_pauses", "GET", "enrolment"),
    Same("api_pauses", "POST", "enrolment_pauses", "POST"),
    Same("api_pause", "DELETE", "pause_ending", "POST"),
    Same("api_nudges", "GET", "enrolment"),
    Same("api_me", "GET", "tokens"),
    Same("api_members", "GET", "members", shows=("data.*.name", "data.*.email")),
    Same("api_members", "POST", "member_new", "POST"),
    Same("api_member", "GET", "member", shows=("name", "email")),
    Same("api_member", "PATCH", "member_manager", "POST"),
    Same("api_member", "DELETE", "member_removal", "POST"),
    Same("api_member_merge", "POST", "member_merge", "POST"),
    Same("api_member_return", "POST", "member_return", "POST"),
    Same("api_invitation", "POST", "member_invitation", "POST"),
    Same("api_curricula", "GET", "curriculum_list", shows=("data.*.title.en",)),
    Same("api_curriculum_import", "POST", "curriculum_import", "POST"),
    Same("api_curriculum", "GET", "curriculum", shows=("title.en", "steps.*.text.en.title")),
    Same("api_curriculum_files", "GET", "curriculum_files"),
    Same("api_today", "GET", "today", shows=("step.title",)),
    Same("api_practices", "GET", "practices", shows=("data.*.line",)),
    Same("api_practices", "POST", "practice_new", "POST"),
    Same("api_practice_undoing", "POST", "practice_undoing", "POST"),
    Same("api_reflections", "GET", "reflections"),
    Same("api_reflections", "POST", "reflection_new", "POST"),
    Same("api_reflection", "GET", "reflection_wording", shows=("tried", "learned")),
    Same("api_reflection", "PATCH", "reflection_wording", "POST"),
    Same("api_reflection_audience", "POST", "reflection_audience", "POST"),
    Same("api_focuses", "GET", "focuses", shows=("data.*.cue",)),
    Same("api_focuses", "POST", "focus_new", "POST"),
    Same("api_focus", "GET", "focus_wording", shows=("cue", "response")),
    Same("api_focus", "PATCH", "focus_wording", "POST"),
    Same("api_focus_archiving", "POST", "focus_archiving", "POST"),
    Same("api_focus_return", "POST", "focus_return", "POST"),
    Same("api_focus_dials", "POST", "dial", "POST"),
    Same("api_dial_undoing", "POST", "dial_undoing", "POST"),
    Same("api_goals", "GET", "goals", shows=("data.*.outcome",)),
    Same("api_goal", "GET", "goal_change", shows=("outcome",)),
    Same("api_goal_dials", "POST", "goal_dial", "POST"),
    Same("api_check_ins", "GET", "goal_check_in"),
    Same("api_check_ins", "POST", "goal_check_in", "POST"),
    Same("api_check_in_undoing", "POST", "goal_check_in_undoing", "POST"),
    Same("api_teams", "GET", "teams", shows=("data.*.name", "data.*.leader.name")),
    Same("api_kpis", "GET", "kpis", shows=("data.*.name",)),
    Same("api_figures", "POST", "figure_intake_new", "POST"),
    Same("api_objectives", "GET", "kept_objectives"),
    Same("api_objective", "GET", "objective", shows=("outcome",)),
    Same("api_practices_export", "GET", "practices"),
    Same("api_rounds", "GET", "cohort_rounds"),
    Same("api_rounds", "POST", "round_new", "POST"),
    Same("api_round", "GET", "round"),
    Same("api_round", "PATCH", "round_dates", "POST"),
    Same("api_round_moves", "POST", "round_move", "POST"),
    Same("api_round_leaders", "GET", "round", shows=("data.*.name", "data.*.sentence", "data.*.status")),
    Same("api_raters", "POST", "rater_new", "POST"),
    Same("api_own_rounds", "GET", "feedback"),
    Same("api_result", "GET", "result_focuses"),
    Same("api_reports", "POST", "report_new", "POST"),
    Same("api_report", "GET", "report"),
    Same("api_report_file", "GET", "report_file"),
    Same("api_own_reports", "POST", "path"),  # a leader asks for their own copy from there
    Same("api_own_report", "GET", "report"),
    Same("api_own_report_file", "GET", "report"),  # where the file is handed out; in the cast it is not ready
    Same("api_sessions", "GET", "one_to_ones", shows=("data.*.partner.name",)),
    Same("api_session", "GET", "session", shows=("partner.name",)),
    Same("api_visits", "GET", "hosts", shows=("data.*.host.name",)),
    Same("api_visit_counts", "GET", "visit_counts", shows=("data.*.title", "data.*.host")),
    Same("api_visit_booking", "POST", "visit_booking", "POST"),
    Same("api_bookings", "GET", "my_visits", shows=("data.*.title",)),
    Same("api_booking_accepting", "POST", "booking_accepting", "POST"),
    Same("api_booking_leaving", "POST", "booking_leaving", "POST"),
    Same("api_booking_return", "POST", "booking_return", "POST"),
]

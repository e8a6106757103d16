"""People on Today who save practices, for locust; started by `tests/performance/load.py`, which says who and where.

A save that was not acknowledged is sent again with the same key, as drafts.js does. What was acknowledged goes into a
file, together with what was measured.
"""

import json
import os
from collections import Counter
from pathlib import Path
from uuid import uuid4

from locust import HttpUser, between, events, task

PLAN = json.loads(os.environ["LOAD_PLAN"])
waiting = list(PLAN["people"])
saved: list[tuple[int, str, str]] = []
statuses: Counter = Counter()


class Leader(HttpUser):
    wait_time = between(0.2, 0.8)

    def on_start(self) -> None:
        me = waiting.pop()
        self.enrolment, self.number, self.key = me["enrolment"], 0, str(uuid4())
        self.client.cookies.update({PLAN["session_cookie"]: me["session"], PLAN["csrf_cookie"]: PLAN["csrf"]})

    @task
    def today(self) -> None:
        self._ask("GET", "Today", f"{PLAN['base']}/today/")

    @task
    def save(self) -> None:
        on = PLAN["days"][self.number % len(PLAN["days"])]
        words = {"did_it": "yes", "went": "4", "line": f"line {self.number}", "key": self.key}
        headers = {"X-CSRFToken": PLAN["csrf"], "HX-Request": "true"}
        path = f"{PLAN['base']}/practices/new/?on={on}"
        if self._ask("POST", "save", path, data=words, headers=headers) == 200:
            saved.append((self.enrolment, on, self.key))
            self.number, self.key = self.number + 1, str(uuid4())

    def _ask(self, method: str, name: str, path: str, **more: object) -> int:
        with self.client.request(method, path, name=name, catch_response=True, allow_redirects=False, **more) as answer:
            statuses[answer.status_code] += 1
            if answer.status_code in {200, 503}:
                answer.success()
            return answer.status_code


@events.quitting.add_listener
def write(environment: object, **given: object) -> None:
    total = environment.stats.total
    measured = {
        "requests": total.num_requests,
        "p50": total.get_response_time_percentile(0.5),
        "p95": total.get_response_time_percentile(0.95),
        "statuses": statuses,
        "saved": saved,
    }
    Path(PLAN["results"]).write_text(json.dumps(measured))

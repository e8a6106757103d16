"""Run by `contract.py` in the environment of the tools: what developers do with a client made from the description."""

import time
from datetime import timedelta
from os import environ

from client import AuthenticatedClient
from client.api.cohorts import add_people, list_cohorts, list_enrolments
from client.api.enrolments import add_pause, ask_for_report, change_enrolment, read_enrolment
from client.api.practices import list_practices, log_practice
from client.api.reports import fetch_report, read_report
from client.api.today import read_today
from client.models import EnrolmentBody, PauseBody, PeopleBody, PersonBody, PracticeBody, ReportBody

POLLS = 120

api, own = (
    AuthenticatedClient(base_url=environ["API"], token=environ[name], raise_on_unexpected_status=True)
    for name in ("KEY", "TOKEN")
)

cohort = list_cohorts.sync(client=api).data[0]
before = len(list_enrolments.sync(cohort.id, client=api).data)
newcomer = PersonBody(name="Nina Generated", email="nina@acme.test", sponsor_email="sol@acme.test")
tried = add_people.sync(cohort.id, client=api, body=PeopleBody(people=[newcomer], dry_run=True))
is_as_before = len(list_enrolments.sync(cohort.id, client=api).data) == before
print(f"tried {tried.counts.to_dict()}, {is_as_before}")

added = add_people.sync(cohort.id, client=api, body=PeopleBody(people=[newcomer]))
places = list_enrolments.sync(cohort.id, client=api).data
place = next(each for each in places if each.leader.email == "nina@acme.test")
print(f"added {added.counts.to_dict()}, {len(places) == before}, {place.sponsor.name}")

read = read_enrolment.sync_detailed(place.id, client=api)
change = {"client": api, "if_match": read.headers["ETag"]}
moved = change_enrolment.sync_detailed(place.id, body=EnrolmentBody(nudge_hour="10:30"), **change)
again = change_enrolment.sync_detailed(place.id, body=EnrolmentBody(nudge_hour="11:30"), **change)
print(f"moved {moved.parsed.nudge_hour}, then {again.status_code.value}")

today = read_today.sync(client=own).on
days = PauseBody(starts_on=today + timedelta(days=30), ends_on=today + timedelta(days=34))
pauses = [add_pause.sync_detailed(place.id, client=api, body=days, idempotency_key="once") for _time in range(2)]
print("paused", *(each.status_code.value for each in pauses), pauses[0].parsed.id == pauses[1].parsed.id)

logged = log_practice.sync(client=own, body=PracticeBody(on=today, did_it=True, went=4))
is_listed = logged.id in [each.id for each in list_practices.sync(client=own).data]
print(f"logged {logged.on} {logged.did_it} {logged.went}, listed {is_listed}")

report = ask_for_report.sync(place.id, client=api, body=ReportBody(language="en"))
first = report.state
for _poll in range(POLLS):
    if report.state == "ready":
        break
    time.sleep(0.5)  # as a program waits that was told to ask again
    report = read_report.sync(report.id, client=api)
pdf = fetch_report.sync(report.id, client=api).payload.read()
print(f"report asked, then {report.state}, {pdf[:5].decode()}, in full {pdf.rstrip().endswith(b'%%EOF')}")

"""Run by `contract.py` in the environment of the tools: what developers do with a client made from the description."""

import sys
from datetime import date

sys.path.insert(0, sys.argv[1])

from client import AuthenticatedClient
from client.api.cohorts import add_people, list_cohorts, list_enrolments
from client.api.enrolments import add_pause, change_enrolment, read_enrolment
from client.models import EnrolmentBody, PauseBody, PeopleBody, PersonBody

api = AuthenticatedClient(base_url=sys.argv[2], token=sys.argv[3], raise_on_unexpected_status=True)

cohort = list_cohorts.sync(client=api).data[0]
newcomer = PersonBody(name="Nina Generated", email="nina@acme.test", sponsor_email="sol@acme.test")
tried = add_people.sync(cohort.id, client=api, body=PeopleBody(people=[newcomer], dry_run=True))
added = add_people.sync(cohort.id, client=api, body=PeopleBody(people=[newcomer]))
place = next(each for each in list_enrolments.sync(cohort.id, client=api).data if each.leader.email == "nina@acme.test")
read = read_enrolment.sync_detailed(place.id, client=api)
moved = change_enrolment.sync_detailed(
    place.id, client=api, body=EnrolmentBody(nudge_hour="10:30"), if_match=read.headers["ETag"]
)
again = change_enrolment.sync_detailed(
    place.id, client=api, body=EnrolmentBody(nudge_hour="11:30"), if_match=read.headers["ETag"]
)
days = PauseBody(starts_on=date(2027, 2, 1), ends_on=date(2027, 2, 5))
pauses = [add_pause.sync_detailed(place.id, client=api, body=days, idempotency_key="once") for _time in range(2)]

print(tried.dry_run, added.counts.to_dict(), place.sponsor.name, place.status.words)
print(moved.parsed.nudge_hour, again.status_code.value, again.parsed.detail)
print(*(each.status_code.value for each in pauses), pauses[0].parsed.id == pauses[1].parsed.id)

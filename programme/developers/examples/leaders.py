"""How the leaders of each cohort are doing. Needs the address as API and a key as KEY."""

import json
from os import environ
from urllib.request import Request, urlopen


def call(path: str) -> dict:
    request = Request(f"{environ['API']}/{path}", headers={"Authorization": f"Bearer {environ['KEY']}"})
    return json.load(urlopen(request))


for cohort in call("cohorts/")["data"]:
    for place in call(f"cohorts/{cohort['id']}/enrolments/")["data"]:
        print(cohort["name"], place["leader"]["name"], place["status"]["words"], sep=" · ")

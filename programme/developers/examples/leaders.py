"""How the leaders of each cohort are doing.

Needs the address as API and a key as KEY.
"""

import json
from os import environ
from urllib.request import Request, urlopen


def call(path: str) -> dict:
    key = {"Authorization": f"Bearer {environ['KEY']}"}
    return json.load(urlopen(Request(f"{environ['API']}/{path}", headers=key)))


for cohort in call("cohorts/")["data"]:
    for place in call(f"cohorts/{cohort['id']}/enrolments/")["data"]:
        status = place["status"]["words"]
        print(cohort["name"], place["leader"]["name"], status, sep=" · ")

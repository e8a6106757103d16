#!/bin/sh
# How the leaders of the newest cohort are doing.
# Needs the address as API and a key as KEY.
set -e

call() {
  curl --silent --show-error --fail-with-body \
    --header "Authorization: Bearer $KEY" "$API/$1"
}

cohort=$(call "cohorts/?ordering=-day1_on&limit=1&fields=id" |
  sed 's/.*"id":\([0-9]*\).*/\1/')
call "cohorts/$cohort/enrolments/?fields=leader,sponsor,day,status"

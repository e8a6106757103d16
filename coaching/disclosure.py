"""The least number of people behind a figure that coaching shows about others.

It counts for branches, cohorts, hosting, visits and the reasons for stopping. How support feels is counted by the
threshold that its leaders were promised (`coaching.sponsoring.thresholds`).
"""

MIN_PEOPLE = 5

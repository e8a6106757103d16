"""The report of a 360 round: pages, paper, and what the leader does with it."""

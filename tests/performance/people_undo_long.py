"""Undoing the import of 100,000 people, the longest list there may be. `people_undo` says how."""

from tests.performance.people_undo import bench

BENCH = bench(100_000, rounds=1)

"""Importing 100,000 people, the longest list there may be. `people_import` says how."""

from tests.performance.people_import import bench

BENCH = bench(100_000, rounds=3)

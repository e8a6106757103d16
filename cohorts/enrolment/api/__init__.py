"""Cohorts and the leaders in them, for programs."""

"""Curricula: content as dataclasses, files and rows; drafts, checks, comparison, and moves between versions."""

"""Questionnaires: content as dataclasses, files and rows; the editor, its drafts, and what raters see of an item."""

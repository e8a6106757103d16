"""One cohort, as its admin sees it."""

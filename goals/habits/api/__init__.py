"""A leader's own practices, reflections and focuses, for the programs they give a personal token to."""

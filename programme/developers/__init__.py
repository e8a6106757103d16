"""The pages about the API: the way in, its description, and the interactive page over it."""

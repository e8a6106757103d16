"""Contact sheets: how pages looked before issue 12, and how they look now. See programme/conventions.md."""

"""A development mail server: accepts every mail, delivers none, shows them on a page."""

CATCHER = "Embed90 mail catcher"  # how it greets; a real installation that hears this refuses to start

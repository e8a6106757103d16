"""How the development mail catcher greets. A real installation that hears this refuses to start."""

CATCHER = "Embed90 mail catcher"

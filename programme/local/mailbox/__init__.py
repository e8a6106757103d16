"""A development mail server: accepts every mail, delivers none, shows them on a page."""

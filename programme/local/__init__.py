"""The machine Embed90 runs on when nobody gave it one: embedded servers, a mail catcher, one command.

Nothing here needs Django's settings; it makes the environment that they read.
"""

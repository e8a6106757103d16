"""The languages of the product. Pure: readers of files in a process of their own know them, too."""

LANGUAGES = ("en", "nb")  # the first is the default; `settings.LANGUAGES` says how each is called

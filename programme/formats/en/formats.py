"""English as Europe writes it: Django's own is American, and 03/02 would be read as two different days here."""

DATE_FORMAT = "j F Y"
SHORT_DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j F Y, H:i"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
TIME_FORMAT = "H:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
FIRST_DAY_OF_WEEK = 1
WEEKDAY_FORMAT = "l j F"
SHORT_MONTH_DAY_FORMAT = "j M"
# A browser's date picker sends the first; the others are typed where there is none. The day comes before the month.
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y"]

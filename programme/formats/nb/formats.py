"""Norwegian has a point after the day and small letters in its months. The names are those of `en`, all of them."""

DATE_FORMAT = "j. F Y"
SHORT_DATE_FORMAT = "j. b Y"
DATETIME_FORMAT = "j. F Y, H:i"
SHORT_DATETIME_FORMAT = "j. b Y, H:i"
TIME_FORMAT = "H:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j. F"
FIRST_DAY_OF_WEEK = 1
WEEKDAY_FORMAT = "l j. F"
SHORT_MONTH_DAY_FORMAT = "j. b"
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%y"]

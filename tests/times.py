"""The moment tests happen at, unless they say otherwise: day 10 of the cast's ninety days."""

from datetime import UTC, date, datetime

DAY_1 = date(2026, 3, 2)  # a Monday; Europe's clocks change on 29 March, inside the ninety days
TODAY = date(2026, 3, 11)
NOW = datetime(2026, 3, 11, 8, 30, tzinfo=UTC)  # 9.30 in Oslo

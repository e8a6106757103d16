"""Decides everything that may be shown of one leader's round: the only door out of the answers. Pure.

Three kinds of figure leave the door, each by one rule of `rules`; everything else is computed from what they printed,
so it can tell no more than they do:

1. the value of an item in a group, in steps (0.5 below eight answers, else 0.1), the top and bottom as bounds;
2. the spread of a scale in a group, as one of a few classes whose lowest also holds raters who do not quite agree;
3. agreement inside a scale, from eight answers on, cut off where equal and nearly equal answers would differ.

Values of behaviours, areas and all items are means of printed item values. Intervals, bands, categories and changes
come from printed values and classes of spread. The mean of raters' own means is never used: with skipped items it
differs from the mean of the items, and that difference is one rater's answer. There are no totals over groups.

`leader.decide` makes one release, `cohort` reports on several leaders from their frozen releases alone. What may import
`inputs` and `leader` stands in a contract; everybody else gets what is exported here.
"""

from feedback360.visibility.cohort import CohortCell, cohort_cells
from feedback360.visibility.release import Category, Cell, Change, Comments, Group, LeftOut, Release

__all__ = ["Category", "Cell", "Change", "CohortCell", "Comments", "Group", "LeftOut", "Release", "cohort_cells"]

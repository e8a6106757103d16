"""Working on a draft of a curriculum: a step, a live event, a week of the sponsor, each in all of its languages.

The limits are those its files are held to. What is written keeps them at once; what is still missing may wait until
the draft is published.
"""

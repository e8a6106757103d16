from cohorts.models.cohort import Cadence as Level
from goals.models.focus import Dial, Focus
from goals.models.practice import Practice, Went
from goals.models.reflection import Audience, Reflection
from goals.models.share import Share, Shared, SharingAnswer

__all__ = ["Audience", "Dial", "Focus", "Level", "Practice", "Reflection", "Share", "Shared", "SharingAnswer", "Went"]

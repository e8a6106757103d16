"""The tags of heroicons, each icon drawn once: a page has about twenty, and every drawing copies and writes XML."""

from functools import lru_cache

from django import template
from heroicons.templatetags import heroicons

register = template.Library()
for tag in (heroicons.heroicon_micro, heroicons.heroicon_mini, heroicons.heroicon_outline, heroicons.heroicon_solid):
    register.simple_tag(lru_cache(maxsize=512)(tag), name=tag.__name__)

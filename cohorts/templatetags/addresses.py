from typing import Any

from django import template

from cohorts.tenancy import addresses

register = template.Library()


@register.simple_tag
def front_door(name: str, *args: Any) -> str:
    """`{% front_door "language" %}`: a page outside the organisation, from anywhere."""
    return addresses.front_door(name, *args)

"""How an e-mail address is shown: `{{ person.email|written }}`."""

from django import template

from cohorts.web.addresses import written_address

register = template.Library()


@register.filter
def written(address: str) -> str:
    """As people write it: kari@bø.no, which is stored as kari@xn--b-xga.no. Nothing for nobody."""
    return written_address(address or "")

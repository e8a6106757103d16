"""Names of any shape: which order a list means, and what a mail calls somebody."""

import pytest
from allauth.account.forms import RequestLoginCodeForm
from django.core.exceptions import ValidationError

from cohorts.access.forms import AddressForm
from cohorts.mail.message import first_name
from cohorts.models import Membership
from cohorts.people.imports.person_names import in_order
from cohorts.web.addresses import plain_address, written_address
from cohorts.web.inputs import AddressField, NameField
from cohorts.web.letters import cleaned, folded

# As a list writes it, as it is stored, as a mail says it.
NAMES = [
    ("Berg, Åse", "Åse Berg", "Åse"),
    ("Sukarno", "Sukarno", "Sukarno"),
    ("O'Brien, Siobhán", "Siobhán O'Brien", "Siobhán"),
    ("d\u2019Arcy, Jean-Luc", "Jean-Luc d\u2019Arcy", "Jean-Luc"),
    ("Berg, Åse (ekstern)", "Åse Berg (ekstern)", "Åse"),
    ("Berg (ekstern), Åse", "Åse Berg (ekstern)", "Åse"),
    ("BERG Åse", "BERG Åse", "Åse"),
    ("King, Jr., Martin", "Martin King, Jr.", "Martin"),
    ("Martin King, Jr.", "Martin King, Jr.", "Martin"),
    ("Kari Nordmann, PhD", "Kari Nordmann, PhD", "Kari"),
    ("Berg, Åse, MSc", "Åse Berg, MSc", "Åse"),
    ("Dr. Åse Berg", "Dr. Åse Berg", "Åse"),
    ("Prof. Dr. Åse Berg, Ph.D., MBA", "Prof. Dr. Åse Berg, Ph.D., MBA", "Åse"),
    ("Åse Berg (Teamleder)", "Åse Berg (Teamleder)", "Åse"),
    ("J. Edgar Hoover", "J. Edgar Hoover", "Edgar"),
    ('"Ase" Berg', '"Ase" Berg', "Ase"),
    ("PhD Kari Nordmann", "PhD Kari Nordmann", "Kari"),
    ("王小明", "王小明", "王小明"),
    ("PhD", "PhD", "PhD"),
    ("KARI DAHL", "KARI DAHL", "KARI"),
    ("Vik, Bo, Lie", "Vik, Bo, Lie", "Bo"),
]


@pytest.mark.parametrize(("written", "stored", "called"), NAMES)
def test_a_name_keeps_its_parts_and_greets_by_the_first(written, stored, called):
    assert in_order(written) == stored
    assert first_name(stored) == Membership(name=stored).first_name == called


ADDRESSES = {
    "Kari <Kari@Firm.test>": "kari@firm.test",
    "mailto:kari@firm.test?subject=Hei": "kari@firm.test",
    "\u202akari@firm.test\u202c": "kari@firm.test",
    "ka\u200dri@fi\u200brm.test": "kari@firm.test",
    "kari@bø.no": "kari@xn--b-5ga.no",
    "KARI@GROß.TEST": "kari@xn--gro-7ka.test",
    "\u0130PEK@F\u0130RMA.test": "ipek@firma.test",
    "ILGIN@FIRMA.TEST": "ilgin@firma.test",
    "örjan@firma.test": "örjan@firma.test",
}


@pytest.mark.parametrize(("typed", "stored"), ADDRESSES.items())
def test_an_address_has_one_spelling_and_is_shown_as_written(typed, stored):
    assert plain_address(typed) == stored
    assert plain_address(written_address(stored)) == stored


def test_joiners_stay_within_words_and_bidi_controls_go():
    assert cleaned("\u200eعلی\u200cرضا\u202c Li\u200d") == "علی\u200cرضا Li"


def test_comparing_survives_turkish_and_german_letters():
    assert folded("İPEK GROß") == folded("ipek gross") == folded("ıpek GROSS")


def test_forms_and_sign_in_clean_as_files_do():
    assert NameField().clean("\u200eKari\u200b Li\u202c") == "Kari Li"
    with pytest.raises(ValidationError, match="U\\+202E"):
        NameField().clean("RLO \u202egnp")
    assert AddressField().clean("\u202aKARI@bø.no\u202c ") == "kari@xn--b-5ga.no"
    assert isinstance(AddressForm().fields["email"], AddressField)
    assert AddressForm().fields["email"].label == RequestLoginCodeForm().fields["email"].label

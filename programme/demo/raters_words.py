"""Names and comments of the demo's raters, by language and, for comments, by open question."""

FIRST_NAMES: dict[str, tuple[str, ...]] = {
    "nb": (
        "Anders", "Aisha", "Berit", "Camilla", "Daniel", "Eirin", "Frode", "Gro", "Hassan", "Ida", "Jorunn", "Kim",
        "Linnea", "Magnus", "Nadia", "Ola", "Petter", "Ragnhild", "Siv", "Thea", "Ulrik", "Vilde", "Yusuf", "Øyvind",
    ),
    "en": (
        "Alice", "Ahmed", "Bella", "Callum", "Daisy", "Ewan", "Freya", "George", "Hannah", "Imran", "Jack", "Keira",
        "Leon", "Megan", "Nadia", "Oscar", "Poppy", "Rhys", "Sana", "Tom", "Una", "Vikram", "Wendy", "Zara",
    ),
}  # fmt: skip
LAST_NAMES: dict[str, tuple[str, ...]] = {
    "nb": ("Bakken", "Lie", "Moe", "Nygård", "Rahman", "Sæther", "Tangen", "Wold"),
    "en": ("Bell", "Cole", "Hughes", "Khan", "Marsh", "Patel", "Reid", "Young"),
}
COMMENTS: dict[str, dict[str, tuple[str, ...]]] = {
    "nb": {
        "keep": (
            "Si hva som faktisk var bra, slik du gjør etter vanskelige samtaler.",
            "Ta deg tid til å høre ferdig før du svarer.",
            "Korte morgenmøter der vi vet hva som er viktigst.",
            "Stille opp når køen er lang, og ikke bare se på tavla.",
            "La oss prøve egne ideer, også når det er travelt.",
            "Være til stede ute på gulvet.",
            "Forklare hvorfor, ikke bare hva.",
            "Følge opp det vi ble enige om.",
        ),
        "help-most": (
            "Spør oftere hva vi trenger før du kommer med løsningen.",
            "Si tydeligere fra når prioriteringene endrer seg.",
            "Gi tilbakemelding mens vi ennå husker samtalen.",
            "Hold av en-til-en-tiden, også i travle uker.",
            "Fortell hva som skjedde med forslagene våre.",
            "Si hva et ferdig svar til kunden skal inneholde.",
            "Ros noe konkret oftere.",
            "Hold møtene kortere.",
        ),
    },
    "en": {
        "keep": (
            "Saying what exactly went well, as after a hard call.",
            "Listening to the end before answering.",
            "Short stand-ups that tell us what matters most.",
            "Taking calls with us when the queue is long.",
            "Letting us try our own ideas, even on a busy day.",
            "Being on the floor with us.",
            "Explaining why, and not only what.",
            "Following up on what we agreed.",
        ),
        "help-most": (
            "Ask what we need before you bring the answer.",
            "Say clearly when priorities change.",
            "Give feedback while we still remember the call.",
            "Keep the one-to-ones, also in a busy week.",
            "Tell us what became of our suggestions.",
            "Say what a finished answer to the customer looks like.",
            "Name something good more often.",
            "Keep the meetings shorter.",
        ),
    },
}

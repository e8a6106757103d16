"""What demo organisations aim at, and what their teams say about it, by language."""

TOP = {"en": "Customers solve it with us once", "nb": "Kundene får løst det hos oss på første forsøk"}
TOP_WHY = {
    "en": "Every second contact is a repeat, and it costs us the customer.",
    "nb": "Annenhver henvendelse er en gjentakelse, og den koster oss kunden.",
}
DEPARTMENT = {"en": "Customer service", "nb": "Kundeservice"}
MIDDLE = {"en": "Fewer come back within seven days", "nb": "Færre kommer tilbake innen sju dager"}
MIDDLE_MEASURE = {
    "en": "Contacts that come back within seven days",
    "nb": "Henvendelser som kommer tilbake innen sju dager",
}
HANGING = {"en": "Bills that explain themselves", "nb": "Fakturaer som forklarer seg selv"}
HANGING_MEASURE = {"en": "Steps that are done", "nb": "Skritt som er gjort"}
HANGING_STEPS = {
    "en": ("Ask ten customers what they did not understand", "New text on page one", "Two months without a peak"),
    "nb": ("Spør ti kunder hva de ikke forsto", "Ny tekst på side én", "To måneder uten topp"),
}
TEAM_FIRST = {"en": "Solved in the first contact", "nb": "Løst ved første kontakt"}
TEAM_HANDOVER = {"en": "No line lost in the handover", "nb": "Ingen tråd mistes i overleveringen"}
HANDOVER_MEASURE = {"en": "Cases without an owner at shift change", "nb": "Saker ingen har ansvaret for ved vaktskifte"}
A_WEEK = {"en": "a week", "nb": "i uka"}
PARTS = {
    "en": (
        "Asks one more question before the call ends",
        "Writes the promise into the case",
        "Takes the billing cases of the late shift",
        "Collects what came back on Fridays",
        "",
    ),
    "nb": (
        "Stiller ett spørsmål til før samtalen er slutt",
        "Skriver løftet inn i saken",
        "Tar fakturasakene på kveldsskiftet",
        "Samler det som kom tilbake, på fredager",
        "",
    ),
}
QUESTION = {"en": "Does chat count as a contact too?", "nb": "Teller chat også som en henvendelse?"}
ADDED = {
    "en": "Bills on the first of the month are another matter.",
    "nb": "Fakturaene den første i måneden er en egen sak.",
}
TEAM_NAME = {"en": "Team %s", "nb": "Team %s"}
CHARTER = {
    "en": {
        "purpose": "A customer who calls us hangs up knowing what happens next.",
        "promise": "You tell your story once. We call back when we said we would.",
        "working": (
            "We ask before we guess.\nWe help the one who sighs.\nBad news goes to the team first, never to the queue."
        ),
        "deciding": "Whoever has the case decides. Over 500 pounds we ask.",
        "differing": "First the two of us, within a day. Then with the team leader.",
    },
    "nb": {
        "purpose": "En kunde som ringer oss, legger på og vet hva som skjer videre.",
        "promise": "Du forteller historien din én gang. Vi ringer tilbake når vi har sagt vi skal.",
        "working": (
            "Vi spør før vi gjetter.\nVi hjelper den som sukker.\nDårlige nyheter går til teamet først, aldri til køen."
        ),
        "deciding": "Den som har saken, bestemmer. Over 5000 kroner spør vi.",
        "differing": "Først vi to, innen en dag. Så med teamlederen.",
    },
}
MEMBERS = ("KA", "JT", "ML", "TS", "RB", "Aisha", "Per Olav", "MK", "SD", "LN", "EH")
FCR = {"en": "Solved in the first contact", "nb": "Løst ved første kontakt"}
FCR_COUNTED = {
    "en": ("contacts that did not come back", "contacts"),
    "nb": ("henvendelser som ikke kom tilbake", "henvendelser"),
}
FCR_METHOD = {
    "en": "No new contact from the same customer about the same matter within seven days.",
    "nb": "Ingen ny henvendelse fra samme kunde om samme sak innen sju dager.",
}
SAME_MATTER = {"en": "Same product and same reason code", "nb": "Samme produkt og samme årsakskode"}
CHANNELS = {"en": "Phone and chat", "nb": "Telefon og chat"}
SOURCE = {"en": "Telephone system, each night", "nb": "Telefonisystemet, hver natt"}
AHT = {"en": "Handling time", "nb": "Behandlingstid"}
AHT_COUNTED = {
    "en": ("seconds of talk, hold and after-call work", "calls handled"),
    "nb": ("sekunder samtale, venting og etterarbeid", "samtaler"),
}
AHT_METHOD = {
    "en": "Talk, hold and after-call work, booked where the after-call work ends.",
    "nb": "Samtale, venting og etterarbeid, ført der etterarbeidet slutter.",
}
SHIFT = {"en": "The callback list was taken into use", "nb": "Tilbakeringingslista ble tatt i bruk"}
SPECIAL = {"en": "Autumn campaign", "nb": "Høstkampanjen"}

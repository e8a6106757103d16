"""What demo leaders and their partners put on the agenda, write down and agree, in both languages."""

AGENDA = {
    "en": (
        "How are you, honestly?",
        "The night handover keeps losing a line",
        "Two of the team want the same shift",
        "Which calls come back, and why",
        "What I try with Sam this week",
        "Half-way: what stays, what goes",
        "The new system, and who is afraid of it",
        "A word about last Thursday",
    ),
    "nb": (
        "Hvordan har du det, ærlig talt?",
        "Nattskiftet mister en linje i overleveringen",
        "To på teamet vil ha det samme skiftet",
        "Hvilke henvendelser som kommer tilbake, og hvorfor",
        "Det jeg prøver med Sander denne uka",
        "Halvveis: hva beholder vi, hva slipper vi",
        "Det nye systemet, og hvem som gruer seg",
        "Noen ord om torsdag",
    ),
}
NOTES = {
    "en": (
        "The line that gets lost is what the customer was promised. The form has no box for it. "
        "First the promise, then the cause, then the next step.",
        "She asks first and waits longer than feels comfortable. Two answers came that she would never have guessed.",
        "The queue took both mornings. We keep one practice small instead of two half-done: five minutes after lunch.",
        "Good: praise with an example. Next: the same for those who rarely hear it.",
        "The hard talk went better than feared. What helped was having the first sentence ready.",
        "Listening alone changed little, telling the team what was heard changed a lot.",
    ),
    "nb": (
        "Linjen som blir borte, er det kunden ble lovet. Skjemaet har ikke noe felt for det. "
        "Først løftet, så årsaken, så neste steg.",
        "Spør først og venter lenger enn det kjennes behagelig. Da kom to svar ingen hadde gjettet.",
        "Køen tok begge morgenene. Vi holder på én liten øvelse i stedet for to halve: fem minutter etter lunsj.",
        "Bra: ros med et eksempel. Neste: det samme til dem som sjelden hører det.",
        "Den vanskelige samtalen gikk bedre enn fryktet. Det hjalp å ha første setning klar.",
        "Medlytt alene endret lite. Å fortelle teamet hva vi hørte, endret mye.",
    ),
}
ACTIONS = {
    "en": (
        "Try the three-line handover with the night shift",
        "Ask Planning for ten quiet minutes at 06:50",
        "Sit in on two written cases",
        "Thank one person a day, with the reason",
        "Draft the first sentence of the hard talk",
        "Show the team which calls came back",
        "Let Sam run the Thursday huddle",
        "Find cover for one hour on Wednesday",
    ),
    "nb": (
        "Prøve overlevering på tre linjer med nattskiftet",
        "Spørre planlegging om ti rolige minutter kl. 06.50",
        "Lytte med på to skriftlige saker",
        "Takke én person om dagen, med grunnen",
        "Skrive første setning til den vanskelige samtalen",
        "Vise teamet hvilke henvendelser som kom tilbake",
        "La Sander ta torsdagsmøtet",
        "Finne noen som dekker en time på onsdag",
    ),
}
DROP_INS = {
    "en": ("Went through one call together; the pause after the question is there now.", "Two words about the rota."),
    "nb": ("Gikk gjennom én samtale sammen; pausen etter spørsmålet er der nå.", "To ord om turnusen."),
}
OWN_NOTES = {
    "en": ("Looked tired when nights came up. Ask less, wait longer.",),
    "nb": ("Virket sliten da nattskiftet kom opp. Spørre mindre, vente lenger.",),
}
DIFFERENTLY = {
    "en": "I think it went slower than that: the first two weeks were only preparation.",
    "nb": "Jeg synes det gikk saktere enn det: de to første ukene var bare forberedelse.",
}
QUESTIONS = {
    "en": (
        "Can I move the Thursday huddle to after the handover?",
        "Could somebody take my queue for half an hour on Friday?",
        "How did you begin the talk about the rota last year?",
    ),
    "nb": (
        "Kan jeg flytte torsdagsmøtet til etter overleveringen?",
        "Kan noen ta køen min en halvtime på fredag?",
        "Hvordan begynte du samtalen om turnusen i fjor?",
    ),
}
ANSWERS = {
    "en": ("Yes, go ahead. I’ll tell the others.", "I’ll find somebody, and ask you on Wednesday whether it helped."),
    "nb": ("Ja, gjør det. Jeg sier fra til de andre.", "Jeg finner noen, og spør deg på onsdag om det hjalp."),
}

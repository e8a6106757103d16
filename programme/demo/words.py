"""Practice lines and reflections of demo leaders, by language."""

REFLECTIONS: dict[str, tuple[dict[str, str], ...]] = {
    "en": (
        {
            "tried": "Sat in on two of Sam’s chats before the stand-up instead of reading the report.",
            "happened": "He explained the refund rule better than our article does. The customer thanked him twice.",
            "learned": "I would have marked that chat down on handling time and missed the point.",
            "next": "Ask him to rewrite the article with me on Thursday.",
        },
        {
            "tried": "Said the one thing that matters today at the start of the shift, and nothing else.",
            "happened": "Two people repeated it back in their own words when the queue went red.",
            "learned": "Shorter is kinder when the board is red.",
            "next": "Do it again tomorrow, and write it on the board.",
        },
        {
            "tried": "Asked Dee what she would do before I answered the escalation.",
            "happened": "She had a better idea than mine. It took four minutes.",
            "learned": "I jump in because it is faster for me, not for the team.",
            "next": "Count to five before I answer.",
        },
        {
            "tried": "Thanked Joel for how he handled the complaint, naming the sentence he used.",
            "happened": "He went a bit red and then told the others about it himself.",
            "learned": "Naming the exact words makes it believable.",
            "next": "One of these a day, before lunch.",
        },
        {
            "tried": "Tried to do the one-to-one without the numbers on screen.",
            "happened": "We ran over, and I forgot the follow-up I had promised.",
            "learned": "I need to write down what we agree while we talk.",
            "next": "Paper on the table, screen closed.",
        },
    ),
    "nb": (
        {
            "tried": "Satt medlytt på to samtaler før morgenmøtet i stedet for å lese rapporten.",
            "happened": "Han forklarte fakturaregelen bedre enn artikkelen vår. Kunden takket to ganger.",
            "learned": "Jeg ville trukket ham på samtaletid og gått glipp av poenget.",
            "next": "Be ham skrive om artikkelen sammen med meg på torsdag.",
        },
        {
            "tried": "Sa den ene tingen som teller i dag ved skiftstart, og ikke noe mer.",
            "happened": "To stykker gjentok det med egne ord da køen ble rød.",
            "learned": "Kortere er snillere når tavla er rød.",
            "next": "Gjøre det igjen i morgen, og skrive det på tavla.",
        },
        {
            "tried": "Spurte Dina hva hun ville gjort før jeg svarte på eskaleringen.",
            "happened": "Hun hadde en bedre løsning enn meg. Det tok fire minutter.",
            "learned": "Jeg hopper inn fordi det er raskest for meg, ikke for laget.",
            "next": "Telle til fem før jeg svarer.",
        },
        {
            "tried": "Takket Joar for hvordan han løste klagen, og gjentok setningen han brukte.",
            "happened": "Han ble litt rød, og fortalte det videre til de andre selv.",
            "learned": "Når jeg sier de nøyaktige ordene, blir det til å tro på.",
            "next": "Én sånn om dagen, før lunsj.",
        },
        {
            "tried": "Tok en-til-en uten tallene på skjermen.",
            "happened": "Vi gikk over tiden, og jeg glemte oppfølgingen jeg hadde lovet.",
            "learned": "Jeg må skrive ned det vi blir enige om mens vi snakker.",
            "next": "Papir på bordet, skjermen lukket.",
        },
    ),
}

LINES: dict[str, tuple[str, ...]] = {
    "en": ("Took two minutes.", "Sam noticed.", "Harder than it sounds.", "Queue was red, did it anyway.", ""),
    "nb": (
        "Tok to minutter.",
        "Hun la merke til det.",
        "Vanskeligere enn det høres ut.",
        "Rød kø, likevel.",
        "",
    ),
}

PLACES: dict[str, tuple[str, ...]] = {
    "en": ("stand-up", "one-to-one", "by the phones", "in chat", "from home", ""),
    "nb": ("morgenmøtet", "en-til-en", "ute på gulvet", "i chatten", "hjemmefra", ""),
}

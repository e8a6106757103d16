"""What demo hosts show and demo guests write, in both languages."""

SITE = {
    "en": {
        "name": "The Leith floor",
        "site": "Leith",
        "about": "Sixty people, half of them new this year. You meet the team leads without their manager, sit beside "
        "two agents, and see the morning board.",
        "will_not_show": "Screens with customer data, and anything about pay.",
        "access": "Ring at the blue door; somebody fetches you. Flat shoes.",
        "rules": "What you see stays with you. No recording. Use it to learn, not to compare people.",
        "visit": "A morning on the floor",
        "talk": "What we stopped measuring, and what happened",
    },
    "nb": {
        "name": "Kundesenteret i Bodø",
        "site": "Bodø",
        "about": "Seksti mennesker, halvparten nye i år. Du møter teamlederne uten sjefen deres, sitter ved siden av "
        "to rådgivere og ser morgentavla.",
        "will_not_show": "Skjermer med kundedata, og alt som gjelder lønn.",
        "access": "Ring på den blå døra, så blir du hentet. Flate sko.",
        "rules": "Det du ser, blir hos deg. Ingen opptak. Bruk det til å lære, ikke til å sammenligne folk.",
        "visit": "En formiddag på gulvet",
        "talk": "Det vi sluttet å måle, og hva som skjedde",
    },
}
BEFORE = {
    "en": {
        "working_on": "Saying what matters most today, in one sentence.",
        "watch_1": "How the shift begins.",
        "watch_2": "What the lead does when the board turns red.",
        "watch_3": "Who speaks first.",
        "host_question_1": "What did you stop doing to make room for this?",
        "host_question_2": "What happens on a bad day?",
        "agent_question": "What do you know by half past eight that you did not use to?",
    },
    "nb": {
        "working_on": "Å si det viktigste i dag i én setning.",
        "watch_1": "Hvordan skiftet begynner.",
        "watch_2": "Hva teamlederen gjør når tavla blir rød.",
        "watch_3": "Hvem som snakker først.",
        "host_question_1": "Hva sluttet dere med for å få plass til dette?",
        "host_question_2": "Hva skjer på en dårlig dag?",
        "agent_question": "Hva vet du klokka halv ni som du ikke visste før?",
    },
}
DURING = {
    "en": {
        "saw": "The lead asked one question and waited. Two people answered each other, not her.",
        "heard": "“Yesterday three promised call-backs were late. Today none.”",
        "surprised": "Nobody looked at the handling times.",
        "would_not_work": "We begin at three different hours, so one stand-up is not enough.",
    },
    "nb": {
        "saw": "Teamlederen stilte ett spørsmål og ventet. To svarte hverandre, ikke henne.",
        "heard": "«I går ringte vi tre for sent tilbake. I dag ingen.»",
        "surprised": "Ingen så på behandlingstidene.",
        "would_not_work": "Vi begynner til tre forskjellige tider, så ett morgenmøte holder ikke.",
    },
}
AFTER = {
    "en": {
        "cue": "the shift begins",
        "response": "ask one question and wait for two answers",
        "question": "How do you do it with those who work from home?",
        "thanks": "Thank you for letting us sit beside your people. The waiting was the best part.",
    },
    "nb": {
        "cue": "skiftet begynner",
        "response": "stille ett spørsmål og vente på to svar",
        "question": "Hvordan gjør dere det med dem som jobber hjemmefra?",
        "thanks": "Takk for at vi fikk sitte ved siden av folkene deres. Ventingen var det beste.",
    },
}
ASK = {
    "en": "I would like somebody who has led nights. Half an hour every other week would do.",
    "nb": "Jeg vil gjerne snakke med en som har ledet nattskift. En halvtime annenhver uke holder.",
}
YES = {"en": "Gladly. Let us begin with a walk.", "nb": "Gjerne. Vi begynner med en tur."}
STORY = {
    "en": "Fourteen years on the floor, nine of them nights. I listen more than I advise.",
    "nb": "Fjorten år på gulvet, ni av dem om natten. Jeg lytter mer enn jeg gir råd.",
}

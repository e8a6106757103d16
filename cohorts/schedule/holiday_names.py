"""Norwegian names of holidays that the `holidays` package knows in English. Pure.

Those of few countries keep their English name: a Norwegian would say Canberra Day, too.
"""

NORWEGIAN = {
    "All Saints' Day": "allehelgensdag",
    "All Souls' Day": "allesjelersdag",
    "Armistice Day": "dagen for våpenhvilen 1918",
    "Ascension Day": "Kristi himmelfartsdag",
    "Assumption Day": "Maria himmelfart",
    "Assumption Of Mary Day": "Maria himmelfart",
    "Bank Holiday": "bankfridag",
    "Boxing Day": "2. juledag",
    "Carnival": "karneval",
    "Chinese New Year": "kinesisk nyttår",
    "Christmas": "1. juledag",
    "Christmas Day": "1. juledag",
    "Christmas Eve": "julaften",
    "Christmas Second Day": "2. juledag",
    "Columbus Day": "Columbus-dagen",
    "Constitution Day": "grunnlovsdagen",
    "Corpus Christi": "Kristi legemsfest",
    "Day After Christmas": "2. juledag",
    "Day After Thanksgiving": "dagen etter høsttakkefesten",
    "Day after New Year's Day": "2. januar",
    "Dormition of the Mother of God": "Maria himmelfart",
    "Early May bank holiday": "bankfridag i mai",
    "Easter": "1. påskedag",
    "Easter Monday": "2. påskedag",
    "Easter Saturday": "påskeaften",
    "Easter Sunday": "1. påskedag",
    "Eid al-Adha": "id al-adha",
    "Eid al-Adha Holiday": "id al-adha",
    "Eid al-Fitr": "id al-fitr",
    "Eid al-Fitr Holiday": "id al-fitr",
    "Epiphany": "helligtrekongersdag",
    "Europe Day": "europadagen",
    "Family Day": "familiedagen",
    "Father's Day": "farsdag",
    "First Day of Summer": "første sommerdag",
    "Freedom Day": "frihetsdagen",
    "Friday after Ascension Day": "fredag etter Kristi himmelfartsdag",
    "German Unity Day": "dagen for Tysklands gjenforening",
    "Good Friday": "langfredag",
    "Great Prayer Day": "store bededag",
    "Holy Saturday": "påskeaften",
    "Human Rights Day": "menneskerettighetsdagen",
    "Immaculate Conception": "Marias uplettede unnfangelse",
    "Independence Day": "uavhengighetsdagen",
    "International Women's Day": "den internasjonale kvinnedagen",
    "International Workers' Day": "arbeidernes dag",
    "Islamic New Year": "islamsk nyttår",
    "King's Birthday": "kongens fødselsdag",
    "King's Day": "kongens dag",
    "Labor Day": "arbeidernes dag",
    "Labour Day": "arbeidernes dag",
    "Last Day of the Year": "nyttårsaften",
    "Liberation Day": "frigjøringsdagen",
    "Martin Luther King Jr. Day": "Martin Luther King-dagen",
    "Maundy Thursday": "skjærtorsdag",
    "May Day": "1. mai",
    "Memorial Day": "minnedagen",
    "Midsummer Day": "midtsommerdagen",
    "Midsummer Eve": "midtsommeraften",
    "Mother's Day": "morsdag",
    "National Day": "nasjonaldagen",
    "National Day of Catalonia": "Catalonias nasjonaldag",
    "New Year Holiday": "nyttårshelg",
    "New Year's Day": "1. nyttårsdag",
    "New Year's Eve": "nyttårsaften",
    "Orthodox Good Friday": "ortodoks langfredag",
    "Pentecost": "1. pinsedag",
    "Pentecost Eve": "pinseaften",
    "Pentecost Monday": "2. pinsedag",
    "Prophet's Birthday": "profetens fødselsdag",
    "Reformation Day": "reformasjonsdagen",
    "Remembrance Day": "minnedagen",
    "Repentance and Prayer Day": "bots- og bededag",
    "Republic Day": "republikkens dag",
    "Saint Andrew's Day": "Sankt Andreas’ dag",
    "Saint Berchtold's Day": "Berchtoldstag",
    "Saint David's Day": "Sankt Davids dag",
    "Saint George's Day": "Sankt Georgs dag",
    "Saint James' Day": "Sankt Jakobs dag",
    "Saint John the Baptist": "sankthansdagen",
    "Saint John the Baptist Day": "sankthansdagen",
    "Saint John's Day": "sankthansdagen",
    "Saint Joseph's Day": "Sankt Josefs dag",
    "Saint Martin's Day": "mortensdag",
    "Saint Nicholas's Day": "Sankt Nikolas’ dag",
    "Saint Patrick's Day": "St. Patrick’s Day",
    "Saint Stephen's Day": "2. juledag",
    "Saints Peter and Paul": "Peter og Paulus’ dag",
    "Saints Peter and Paul Day": "Peter og Paulus’ dag",
    "Saints Peter and Paul's Day": "Peter og Paulus’ dag",
    "Second Day of Christmas": "2. juledag",
    "Shrove Tuesday": "fetetirsdag",
    "Spring Bank Holiday": "bankfridag i mai",
    "Summer Bank Holiday": "bankfridag i august",
    "Late Summer Bank Holiday": "bankfridag i august",
    "Thanksgiving": "høsttakkefesten",
    "Thanksgiving Day": "høsttakkefesten",
    "Unity Day": "enhetsdagen",
    "Veterans Day": "veterandagen",
    "Victoria Day": "Victoria-dagen",
    "Victory Day": "seiersdagen",
    "Walpurgis Night": "valborgsaften",
    "Whit Monday": "2. pinsedag",
    "Whit Sunday": "1. pinsedag",
    "Women's Day": "kvinnedagen",
    "Workers' Day": "arbeidernes dag",
    "World Children's Day": "verdens barnedag",
    "Youth Day": "ungdomsdagen",
    "Åland's Autonomy Day": "Ålands selvstyredag",
}
NOTES = {
    "observed": "flyttet",
    "estimated": "anslått",
    "observed, estimated": "flyttet, anslått",
    "from 2pm": "fra kl. 14",
    "afternoon": "ettermiddag",
}
SEVERAL = "; "  # between two holidays on one date


def in_sentence(name: str) -> str:
    """A Norwegian name as it stands in a sentence: with a small letter, unless it begins with a person's."""
    return name if name.startswith("Kristi ") else name[:1].lower() + name[1:]


def in_norwegian(name: str) -> str:
    """The names of one date. A name without a Norwegian one stays as it is, with its note in brackets."""
    return SEVERAL.join(_one(each) for each in name.split(SEVERAL))


def _one(name: str) -> str:
    words, bracket, note = name.partition(" (")
    note = note.removesuffix(")")
    if words not in NORWEGIAN or (bracket and note not in NOTES):
        return name
    return f"{NORWEGIAN[words]} ({NOTES[note]})" if bracket else NORWEGIAN[words]

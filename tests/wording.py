"""What every content test asks of a text: its tone, marks, numbers, and how easily it reads (LIX)."""

import re

ADDRESS = r"https?:|www\.|\w@\w|\b[\w-]+\.(com|no|org|net|io|eu|uk)\b"
FILLED_IN = r"[{}<>\[\]]|%[(s]|\b(NN|XX|TODO)\b"
"""An address belongs to us and to the mail's frame; nothing fills a gap in a text, and no text is markup."""

MAKING_LIGHT = r"\bbare (å|gjør|si|spør|ta|prøv|husk|begynn|skriv|send|les|lytt)\b"
"""“Bare” as the “just” that makes light of a thing. Where it means “only” it is the word, and nobody says “kun”."""

BANNED = {
    "en": (
        r"!|\bjust\b|\bsimply\b|\bof course\b|\bstreaks?\b|\bin a row\b|\bdon’t break\b|\bfail(ed|ure|ures)?\b"
        r"|\bshould have\b|\bexcuses?\b|\blazy\b|\bashamed?\b|\bshame\b|\bamazing\b|\bawesome\b|\bincredible\b"
        r"|\bgame.?changer\b|\bunlock\b|\bunleash\b|\bempower\w*\b|\bjourney\b|\bleverage\b|\bworld.class\b"
        r"|\brock ?stars?\b|\bsuperstars?\b|\bcrush\b|\bresources?\b|\bheadcount\b|\bFTEs?\b|\bseats?\b|\b100 ?%"
    ),
    "nb": (
        rf"!|{MAKING_LIGHT}|\benkelt og greit\b|\bselvfølgelig\b|\bstreak\w*\b|\bpå rad\b|\bikke bryt\b|\bmislyk\w+\b"
        r"|\bburde\b|\bunnskyldning\w*\b|\blat\b|\bskam\w*\b|\bfantastisk\w*\b|\butrolig\w*\b|\brått og slett\b"
        r"|\bgame.?changer\b|\bboost\w*\b|\breisen?\b|\bverdensklasse\b|\bsuperstjern\w*\b|\bsuperhelt\w*\b"
        r"|\bressurs\w*\b|\bårsverk\b|\bhoder\b|\bløft(e|er)? (deg|blikket)\b|\b100 ?%"
    ),
}

FOREIGN_MARKS = {"en": "«»\"'", "nb": "“”\"'"}
"""Quotation marks of the other language, and typewriter marks, which belong to neither."""

NUMBER_WORDS = {
    "en": "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty ninety",
    "nb": "to tre fire fem seks sju åtte ni ti elleve tolv femten tjue tretti nitti",
}
NUMBERS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 20, 30, 90)


def numbers_in(text: str, language: str) -> list[float]:
    words = dict(zip(NUMBER_WORDS[language].split(), NUMBERS, strict=True))
    joined = re.sub(r"(?<=\d)[,\u00a0\u202f ](?=\d{3}\b)", "", text)
    digits = [float(found.replace(",", ".")) for found in re.findall(r"\d+(?:[.,]\d+)?", joined)]
    spelled = [float(words[word]) for word in re.findall(r"\w+", text.lower()) if word in words]
    return sorted(digits + spelled)


def words_and_sentences(text: str) -> tuple[list[str], int]:
    return re.findall(r"\w[\w’-]*", text), len(re.findall(r"[.:?…](?=\s|$|[”»])", text)) or 1


def words_a_sentence(text: str) -> float:
    words, sentences = words_and_sentences(text)
    return len(words) / sentences


def lix(text: str) -> float:
    words, sentences = words_and_sentences(text)
    return len(words) / sentences + 100 * sum(len(word) > 6 for word in words) / len(words)

"""Headers of lists of raters, coaches, pairs and figures, and what each must be taken for; others are ignored.

All are written here from what such lists look like: nobody publishes theirs.
"""

LISTS: list[tuple[str, str, dict[str, str]]] = [
    (
        "raters",
        "Ratee|Ratee email|Reviewer Name|Reviewer Email|Relationship|Comments",
        {
            "leader_name": "Ratee",
            "leader_email": "Ratee email",
            "name": "Reviewer Name",
            "email": "Reviewer Email",
            "relation": "Relationship",
        },
    ),
    (
        "raters",
        "Leder|Svarer|Svarers e-post|Relasjon",
        {"leader_name": "Leder", "name": "Svarer", "email": "Svarers e-post", "relation": "Relasjon"},
    ),
    (
        "raters",
        "Chefens e-post|Förnamn|Efternamn|E-postadress|Relation till chefen",
        {
            "leader_email": "Chefens e-post",
            "first_name": "Förnamn",
            "last_name": "Efternamn",
            "email": "E-postadress",
            "relation": "Relation till chefen",
        },
    ),
    (
        "raters",
        "Führungskraft|Feedbackgeber|E-Mail|Beziehung",
        {"leader_name": "Führungskraft", "name": "Feedbackgeber", "email": "E-Mail", "relation": "Beziehung"},
    ),
    (
        "coaches",
        "Coach|Work Email|Coach or mentor|Topics|Speaks|Location|Max coachees|Bio",
        {
            "name": "Coach",
            "email": "Work Email",
            "kind": "Coach or mentor",
            "themes": "Topics",
            "languages": "Speaks",
            "site": "Location",
            "places": "Max coachees",
            "about": "Bio",
        },
    ),
    (
        "coaches",
        "Navn|E-postadresse|Rolle|Hjelper med|Språk|Arbeidssted|Antall plasser|Beskrivelse",
        {
            "name": "Navn",
            "email": "E-postadresse",
            "kind": "Rolle",
            "themes": "Hjelper med",
            "languages": "Språk",
            "site": "Arbeidssted",
            "places": "Antall plasser",
            "about": "Beskrivelse",
        },
    ),
    (
        "coaches",
        "Vorname|Nachname|E-Mail-Adresse|Schwerpunkte|Sprachen|Standort|Plätze",
        {
            "first_name": "Vorname",
            "last_name": "Nachname",
            "email": "E-Mail-Adresse",
            "themes": "Schwerpunkte",
            "languages": "Sprachen",
            "site": "Standort",
            "places": "Plätze",
        },
    ),
    (
        "pairs",
        "Mentee Name|Mentee Email|Mentor Name|Mentor Email|Frequency",
        {
            "leader_name": "Mentee Name",
            "leader_email": "Mentee Email",
            "name": "Mentor Name",
            "email": "Mentor Email",
            "cadence": "Frequency",
        },
    ),
    (
        "pairs",
        "Lederens e-mail|Coachens navn|Coachens e-mail|Hvor ofte",
        {
            "leader_email": "Lederens e-mail",
            "name": "Coachens navn",
            "email": "Coachens e-mail",
            "cadence": "Hvor ofte",
        },
    ),
    (
        "figures",
        "Report Date|Queue|KPI name|Resolved|Handled|Surveys sent|AHT",
        {
            "on": "Report Date",
            "team": "Queue",
            "kpi": "KPI name",
            "numerator": "Resolved",
            "denominator": "Handled",
            "asked": "Surveys sent",
        },
    ),
    (
        "figures",
        "Dato|Team|Måltall|Teller|Nevner|Spurt",
        {
            "on": "Dato",
            "team": "Team",
            "kpi": "Måltall",
            "numerator": "Teller",
            "denominator": "Nevner",
            "asked": "Spurt",
        },
    ),
    (
        "figures",
        "Datum|Teamname|Kennzahl|Zähler|Nenner|Befragt",
        {
            "on": "Datum",
            "team": "Teamname",
            "kpi": "Kennzahl",
            "numerator": "Zähler",
            "denominator": "Nenner",
            "asked": "Befragt",
        },
    ),
    (
        "figures",
        "datum|grupp|nyckeltal|täljare|nämnare",
        {"on": "datum", "team": "grupp", "kpi": "nyckeltal", "numerator": "täljare", "denominator": "nämnare"},
    ),
]

"""The headers of lists out of HR systems, and what each must be taken for.

`documentation`: recreated from the public description of an export or of an import template. `memory`: from what such
files have looked like; nobody here has a current one. Columns that are not named are ignored.
"""

SYSTEMS: dict[str, tuple[str, str, dict[str, str]]] = {
    "Workday": (
        "memory",
        "Worker|Employee ID|Legal Name - First Name|Legal Name - Last Name|Primary Work Email|Business Title|"
        "Worker's Manager|Manager Employee ID|Location|Time Zone",
        {
            "employee_id": "Employee ID",
            "first_name": "Legal Name - First Name",
            "last_name": "Legal Name - Last Name",
            "email": "Primary Work Email",
            "manager_name": "Worker's Manager",
            "manager_id": "Manager Employee ID",
            "zone": "Time Zone",
        },
    ),
    "SuccessFactors": (
        "documentation",
        "STATUS|USERID|USERNAME|FIRSTNAME|LASTNAME|MI|GENDER|EMAIL|MANAGER|HR|DEPARTMENT|JOBCODE|TIMEZONE|"
        "DEFAULT_LOCALE",
        {
            "employee_id": "USERID",
            "first_name": "FIRSTNAME",
            "last_name": "LASTNAME",
            "email": "EMAIL",
            "manager_name": "MANAGER",
            "zone": "TIMEZONE",
            "language": "DEFAULT_LOCALE",
        },
    ),
    "BambooHR": (
        "documentation",
        "Employee #|First Name|Last Name|Preferred Name|Job Title|Reporting To|Supervisor email|Work Email|Home Email|"
        "Department|Location",
        {
            "employee_id": "Employee #",
            "first_name": "First Name",
            "last_name": "Last Name",
            "manager_name": "Reporting To",
            "manager_email": "Supervisor email",
            "email": "Work Email",
        },
    ),
    "BambooHR's API": (
        "documentation",
        "employeeNumber|firstName|lastName|workEmail|homeEmail|jobTitle|supervisor|supervisorEmail|supervisorEId",
        {
            "employee_id": "employeeNumber",
            "first_name": "firstName",
            "last_name": "lastName",
            "email": "workEmail",
            "manager_name": "supervisor",
            "manager_email": "supervisorEmail",
            "manager_id": "supervisorEId",
        },
    ),
    "Personio": (
        "documentation",
        "ID|First name|Last name|Email|Position|Supervisor|Office|Department|Preferred language",
        {
            "employee_id": "ID",
            "first_name": "First name",
            "last_name": "Last name",
            "email": "Email",
            "manager_name": "Supervisor",
            "language": "Preferred language",
        },
    ),
    "Personio in German": (
        "documentation",
        "Personalnummer|Vorname|Nachname|E-Mail|Private E-Mail|Position|Vorgesetzter|Standort|Abteilung",
        {
            "employee_id": "Personalnummer",
            "first_name": "Vorname",
            "last_name": "Nachname",
            "email": "E-Mail",
            "manager_name": "Vorgesetzter",
        },
    ),
    "Visma": (
        "memory",
        "Ansattnr|Fornavn|Etternavn|E-post arbeid|E-post privat|Avdelingsnr|Stilling|Nærmeste leder|"
        "Nærmeste leder ansattnummer",
        {
            "employee_id": "Ansattnr",
            "first_name": "Fornavn",
            "last_name": "Etternavn",
            "email": "E-post arbeid",
            "manager_name": "Nærmeste leder",
            "manager_id": "Nærmeste leder ansattnummer",
        },
    ),
    "Simployer": (
        "memory",
        "Ansattnummer|Fornavn|Etternavn|E-post (jobb)|E-post (privat)|Mobil|Nærmeste leder|Nærmeste leder e-post|"
        "Avdeling",
        {
            "employee_id": "Ansattnummer",
            "first_name": "Fornavn",
            "last_name": "Etternavn",
            "email": "E-post (jobb)",
            "manager_name": "Nærmeste leder",
            "manager_email": "Nærmeste leder e-post",
        },
    ),
    "Microsoft Entra": (
        "documentation",
        "userPrincipalName|displayName|surname|mail|givenName|objectId|userType|jobTitle|department|usageLocation",
        {
            "name": "displayName",
            "last_name": "surname",
            "email": "mail",
            "first_name": "givenName",
        },
    ),
    "Microsoft Entra without mailboxes": (
        "documentation",
        "userPrincipalName|displayName|objectId|userType|accountEnabled",
        {"email": "userPrincipalName", "name": "displayName"},
    ),
    "Google Workspace": (
        "documentation",
        "First Name [Required]|Last Name [Required]|Email Address [Required]|Org Unit Path [Required]|"
        "Recovery Email|Work Secondary Email|Employee ID|Employee Title|Manager Email|Department",
        {
            "first_name": "First Name [Required]",
            "last_name": "Last Name [Required]",
            "email": "Email Address [Required]",
            "employee_id": "Employee ID",
            "manager_email": "Manager Email",
        },
    ),
    "Outlook contacts": (
        "documentation",
        "First Name|Middle Name|Last Name|Company|Job Title|E-mail Address|E-mail 2 Address|Manager's Name",
        {
            "first_name": "First Name",
            "last_name": "Last Name",
            "email": "E-mail Address",
            "manager_name": "Manager's Name",
        },
    ),
    "HiBob": (
        "memory",
        "Employee ID|Display name|First name|Last name|Email|Personal email|Reports to|Reports to email|Job title",
        {
            "employee_id": "Employee ID",
            "name": "Display name",
            "first_name": "First name",
            "last_name": "Last name",
            "email": "Email",
            "manager_name": "Reports to",
            "manager_email": "Reports to email",
        },
    ),
    "a Swedish payroll": (
        "memory",
        "Anstnr|Förnamn|Efternamn|E-post arbete|Privat e-post|Närmaste chef|Närmaste chefs e-post|Språk",
        {
            "employee_id": "Anstnr",
            "first_name": "Förnamn",
            "last_name": "Efternamn",
            "email": "E-post arbete",
            "manager_name": "Närmaste chef",
            "manager_email": "Närmaste chefs e-post",
            "language": "Språk",
        },
    ),
    "a Danish payroll": (
        "memory",
        "Medarbejdernummer|Fornavn|Efternavn|Arbejdsmail|Privat e-mail|Nærmeste leder|Leders e-mail|Sprog",
        {
            "employee_id": "Medarbejdernummer",
            "first_name": "Fornavn",
            "last_name": "Efternavn",
            "email": "Arbejdsmail",
            "manager_name": "Nærmeste leder",
            "manager_email": "Leders e-mail",
            "language": "Sprog",
        },
    ),
    "a German payroll": (
        "memory",
        "Personal-Nr.|Name, Vorname|E-Mail geschäftlich|E-Mail privat|Führungskraft|Personalnummer Vorgesetzter",
        {
            "employee_id": "Personal-Nr.",
            "name": "Name, Vorname",
            "email": "E-Mail geschäftlich",
            "manager_name": "Führungskraft",
            "manager_id": "Personalnummer Vorgesetzter",
        },
    ),
}

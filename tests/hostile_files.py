"""Files made to hurt who reads them: each is built when it is asked for, none lies in the repository."""

import io
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZipFile, ZipInfo

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
HEADER = '<row r="1"><c t="inlineStr"><is><t>Name</t></is></c><c t="inlineStr"><is><t>E-mail</t></is></c></row>'
PERSON = '<row><c t="inlineStr"><is><t>Åse</t></is></c><c t="inlineStr"><is><t>ase@firm.test</t></is></c></row>'
CSV_HEADER = "Name;E-mail\n"
SHEET = '<sheet name="A" r:id="s1"/>'
FORMAT = '<numFmt numFmtId="200" formatCode="y"/>'
STYLE = '<xf numFmtId="200"/>'
COMBINING = "\u0315\u0300\u05b0\u0327" * 8_000  # sorting the accents of one letter takes the square of their number


def packed(entries: Mapping[str, str | bytes], *, way: int = ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", way) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def sheet(rows: str, *, before: str = "", after: str = "", root: str = "worksheet") -> str:
    return f'{before}<{root} xmlns="{MAIN}" xmlns:r="{LINKS}"><sheetData>{rows}</sheetData>{after}</{root}>'


def parts(rows: str = HEADER + PERSON, **more: str) -> dict[str, str | bytes]:
    """A workbook of one sheet. `strings` and `styles` are what stands in those parts."""
    kinds = {"s1": ("worksheet", "worksheets/sheet1.xml"), "s2": ("sharedStrings", "sharedStrings.xml")}
    kinds |= {"s3": ("styles", "styles.xml")}
    links = "".join(
        f'<Relationship Id="{key}" Type="{LINKS}/{kind}" Target="{target}"/>' for key, (kind, target) in kinds.items()
    )
    return {
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{SHEET}</workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>',
        "xl/worksheets/sheet1.xml": rows if rows.startswith(("<!", "<?", "<w")) else sheet(rows),
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{more.get("strings", "")}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{more.get("styles", "")}</styleSheet>',
    }


def sheet_at(target: str) -> dict[str, str | bytes]:
    return {"xl/_rels/workbook.xml.rels": f'<R><Relationship Id="s1" Type="/worksheet" Target="{target}"/></R>'}


def sheets_at(*targets: str) -> dict[str, str | bytes]:
    """The entries that name these parts as the sheets."""
    links = "".join(
        f'<Relationship Id="s{at}" Type="/worksheet" Target="{target}"/>' for at, target in enumerate(targets)
    )
    names = "".join(f'<sheet name="Sheet {at}" r:id="s{at}"/>' for at in range(len(targets)))
    return {
        "xl/_rels/workbook.xml.rels": f"<R>{links}</R>",
        "xl/workbook.xml": f'<workbook xmlns:r="{LINKS}">{names}</workbook>',
    }


def book(rows: str = HEADER + PERSON, **more: str) -> bytes:
    return packed(parts(rows, **more))


def with_doctype(declared: str, rows: str = HEADER + PERSON) -> bytes:
    return book(sheet(rows, before=f"<!DOCTYPE worksheet [{declared}]>"))


def default_attributes() -> bytes:
    """4 kB: sixty attributes for each of 700,000 cells, none of which stands in the sheet."""
    attributes = " ".join(f'a{number} CDATA "x"' for number in range(60))
    return with_doctype(f"<!ATTLIST c {attributes}>", f"<row>{'<c/>' * 700_000}</row>")


def one_element(attributes: int) -> bytes:
    said = " ".join(f'a{number:x}=""' for number in range(attributes))
    return book(f"<row><c {said}/></row>")


def laughs() -> str:
    names = [(f"a{number + 1}", f"&a{number};" * 10) for number in range(9)]
    return "".join(f'<!ENTITY {name} "{text}">' for name, text in [("a0", "ha" * 50), *names])


def nested(levels: int, tag: str = "x") -> str:
    return f"<{tag}>" * levels + f"</{tag}>" * levels


def strings(*texts: str) -> str:
    return "".join(f"<si><t>{text}</t></si>" for text in texts)


def numbers(*said: str) -> str:
    return HEADER + "".join(f"<row><c><v>{each}</v></c><c><v>{each}</v></c></row>" for each in said)


def changed(data: bytes, *, at: bytes, by: bytes, offset: int = 0) -> bytes:
    """The same zip, with other bytes in every entry of the directory (or wherever `at` stands)."""
    whole = bytearray(data)
    found = whole.find(at)
    while found >= 0:
        whole[found + offset : found + offset + len(by)] = by
        found = whole.find(at, found + len(at))
    return bytes(whole)


ENTRY = b"PK\x01\x02"
LOCAL = b"PK\x03\x04"


def lying_sizes(stated: int) -> bytes:
    """Every entry says that it unpacks to this many bytes."""
    return changed(book(HEADER + PERSON * 5_000), at=ENTRY, by=struct.pack("<L", stated), offset=24)


def encrypted(data: bytes) -> bytes:
    return changed(changed(data, at=ENTRY, by=b"\x01\x00", offset=8), at=LOCAL, by=b"\x01\x00", offset=6)


def overlapping(copies: int, entries: Mapping[str, str | bytes]) -> bytes:
    """One packed megabyte that many entries of the directory point to."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
        big = archive.infolist()[-1]
        for number in range(copies):
            twin = ZipInfo(f"{number}-{big.filename}")
            for field in ("compress_type", "CRC", "compress_size", "file_size", "header_offset", "flag_bits"):
                setattr(twin, field, getattr(big, field))
            archive.filelist.append(twin)
            archive.NameToInfo[twin.filename] = twin
        archive._didModify = True
    return buffer.getvalue()


def many_members(count: int, first: Mapping[str, str | bytes]) -> bytes:
    """A directory of this many empty entries, written by hand: `zipfile` would take a second for it."""
    data = packed(first)
    end = data.rindex(b"PK\x05\x06")
    start, size = struct.unpack("<L", data[end + 16 : end + 20])[0], struct.unpack("<L", data[end + 12 : end + 16])[0]
    directory = data[start : start + size]
    one = struct.pack("<4s4B4HL2L5H2L", ENTRY, 20, 3, 20, 0, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    total = directory + one * count
    number = min(count + len(first), 65_535)
    closing = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, number, number, len(total), start, 0)
    return data[:start] + total + closing


def curriculum(yaml: str | bytes, *, name: str = "curriculum.yaml") -> bytes:
    return packed({name: yaml})


def symlink(name: str, target: str, entries: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        for each, content in entries.items():
            archive.writestr(each, content)
        link = ZipInfo(name)
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, target)
    return buffer.getvalue()


def bomb(size: int) -> bytes:
    return packed({"bomb": b"\0" * size})


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file and the reader that gets it. `is_read`: it may be harmless once it is read."""

    build: Callable[[], bytes]
    name: str = "people.xlsx"
    is_read: bool = False


def _workbooks() -> dict[str, Hostile]:
    style = '<xf numFmtId="14"/>'
    return {
        "default attributes, the 4 kB workbook": Hostile(default_attributes),
        "1.5 million attributes on one element": Hostile(lambda: one_element(1_500_000)),
        "a thousand attributes on one element": Hostile(lambda: one_element(1_000)),
        "billion laughs": Hostile(lambda: with_doctype(laughs(), "<row><c><v>&a9;</v></c></row>")),
        "quadratic blow-up": Hostile(
            lambda: with_doctype(f'<!ENTITY a "{"a" * 100_000}">', f"<row><c><v>{'&a;' * 10_000}</v></c></row>")
        ),
        "laughs that nobody asks for": Hostile(lambda: with_doctype(laughs())),
        "laughs in the strings": Hostile(
            lambda: packed(
                parts() | {"xl/sharedStrings.xml": f"<!DOCTYPE sst [{laughs()}]><sst><si><t>&a9;</t></si></sst>"}
            )
        ),
        "laughs in the styles": Hostile(
            lambda: packed(parts() | {"xl/styles.xml": f"<!DOCTYPE s [{laughs()}]><s>&a9;</s>"})
        ),
        "laughs in the list of sheets": Hostile(
            lambda: packed(parts() | {"xl/workbook.xml": f"<!DOCTYPE w [{laughs()}]><w>&a9;</w>"})
        ),
        "a file of the server": Hostile(
            lambda: with_doctype('<!ENTITY e SYSTEM "file:///etc/passwd">', "<row><c><v>&e;</v></c></row>")
        ),
        "a page of the network": Hostile(
            lambda: with_doctype('<!ENTITY e SYSTEM "http://127.0.0.1:1/">', "<row><c><v>&e;</v></c></row>")
        ),
        "a DTD from elsewhere": Hostile(
            lambda: book(sheet(HEADER, before='<!DOCTYPE worksheet SYSTEM "http://127.0.0.1:1/x.dtd">'))
        ),
        "a parameter entity": Hostile(lambda: with_doctype('<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;')),
        "an entity that is nowhere": Hostile(lambda: book("<row><c><v>&nowhere;</v></c></row>")),
        "700,000 cells in a row": Hostile(lambda: book(f"<row>{'<c/>' * 700_000}</row>")),
        "700,000 filled cells in a row": Hostile(lambda: book(f"<row>{'<c><v>1</v></c>' * 700_000}</row>")),
        "ten million cells": Hostile(lambda: book(f"<row>{'<c/>' * 10_000_000}</row>")),
        "a million rows of nothing": Hostile(lambda: book(HEADER + "<row/>" * 1_100_000)),
        "a cell in the last column": Hostile(lambda: book('<row><c r="XFD1"><v>1</v></c></row>')),
        "a row with a number of 5,000 digits": Hostile(lambda: book(f'<row r="{"9" * 5_000}"><c><v>1</v></c></row>')),
        "a row below the last one": Hostile(lambda: book(HEADER + PERSON.replace("<row", '<row r="1048576"'))),
        "a column with a name of 100,000 letters": Hostile(
            lambda: book(f'<row><c r="{"A" * 100_000}1"><v>1</v></c></row>')
        ),
        "elements a million deep": Hostile(lambda: book(nested(1_000_000))),
        "elements a hundred deep": Hostile(lambda: book(nested(100))),
        "a tag that never ends": Hostile(lambda: book("<row><c " + "a" * 30_000_000)),
        "a comment of 30 MB": Hostile(lambda: book(f"<row><!--{'a' * 30_000_000}--></row>")),
        "an instruction of 30 MB": Hostile(lambda: book(f"<row><?a {'a' * 30_000_000}?></row>")),
        "a name space of its own for each element": Hostile(
            lambda: book("".join(f'<row xmlns="u:{number}"/>' for number in range(300_000))), is_read=False
        ),
        "a name of its own for each element": Hostile(lambda: book("".join(f"<a{n:x}/>" for n in range(600_000)))),
        "a cell of 20 MB": Hostile(lambda: book(f"<row><c><v>{'1' * 20_000_000}</v></c></row>")),
        "a string of 20 MB": Hostile(lambda: book(HEADER + PERSON, strings=strings("a" * 20_000_000))),
        "400,000 strings of 40 letters": Hostile(lambda: book(strings=strings("a" * 40) * 400_000)),
        "900 strings of 32,767 letters": Hostile(lambda: book(strings=strings("a" * 32_767) * 900)),
        "a long string named by every cell": Hostile(
            lambda: book(
                HEADER + '<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>' * 9_000, strings=strings("a" * 32_000)
            )
        ),
        "a string that is not there": Hostile(lambda: book('<row><c t="s"><v>99</v></c></row>')),
        "a string before the first": Hostile(lambda: book('<row><c t="s"><v>-1</v></c></row>')),
        "a string in 300,000 runs": Hostile(lambda: book(strings=f"<si>{'<r><t>a</t></r>' * 300_000}</si>")),
        "a letter with 32,000 accents": Hostile(lambda: book(strings=strings("a" + COMBINING[:32_000]) * 400)),
        "numbers of 100,000 digits": Hostile(lambda: book(numbers("9" * 100_000))),
        "numbers of 4,000 digits": Hostile(lambda: book(numbers("9" * 4_000)), is_read=True),
        "numbers that are none": Hostile(lambda: book(numbers("NaN", "1e", "0x1"))),
        "numbers without end": Hostile(lambda: book(numbers("1e400", "-1e400", "1e-400", "1E+308")), is_read=True),
        "dates out of range": Hostile(
            lambda: book(
                HEADER
                + "".join(
                    f'<row><c s="0"><v>{n}</v></c><c s="0"><v>{n}</v></c></row>' for n in ("1e300", "-9e9", "99999999")
                ),
                styles=f"<cellXfs>{style}</cellXfs>",
            ),
            is_read=True,
        ),
        "dates that are none": Hostile(
            lambda: book(HEADER + '<row><c t="d"><v>2026-99-99</v></c><c t="d"><v>x</v></c></row>'),
        ),
        "formulas and commands": Hostile(
            lambda: book(HEADER + '<row><c t="str"><f>CMD|A1</f><v>=CMD()</v></c><c t="str"><v>@x</v></c></row>'),
            is_read=True,
        ),
        "a million styles": Hostile(lambda: book(styles=f"<cellXfs>{style * 900_000}</cellXfs>")),
        "a million number formats": Hostile(lambda: book(styles=f"<numFmts>{FORMAT * 300_000}</numFmts>")),
        "a number format of 200,000 brackets": Hostile(
            lambda: book(
                styles=f"<numFmts>{FORMAT.replace('y', '[' * 200_000)}</numFmts><cellXfs>{STYLE * 60_000}</cellXfs>"
            ),
            is_read=True,
        ),
        "100,000 sheets": Hostile(
            lambda: packed(parts() | {"xl/workbook.xml": f'<w xmlns:r="{LINKS}">{SHEET * 100_000}</w>'}),
            is_read=True,
        ),
        "a sheet that is its own list of sheets": Hostile(lambda: packed(parts() | sheet_at("workbook.xml"))),
        "a sheet outside of the file": Hostile(lambda: packed(parts() | sheet_at("../../../etc/passwd"))),
        "XML in UTF-16 with a DTD": Hostile(
            lambda: packed(
                parts()
                | {"xl/worksheets/sheet1.xml": sheet(HEADER, before=f"<!DOCTYPE w [{laughs()}]>").encode("utf-16")}
            )
        ),
        "XML in an encoding of its own": Hostile(
            lambda: book('<?xml version="1.0" encoding="x-none"?>' + sheet(HEADER))
        ),
        "half an XML file": Hostile(lambda: book(sheet(HEADER + PERSON)[:-40] + "<")),
        "a hollow workbook": Hostile(lambda: packed({"xl/workbook.xml": "<x/>"})),
    }


def _zips() -> dict[str, Hostile]:
    big = "<row/>" * 5_000_000
    return {
        "a flat zip bomb": Hostile(lambda: packed(parts() | {"xl/worksheets/sheet1.xml": b" " * 60_000_000})),
        "a zip in a zip in a zip": Hostile(lambda: packed({"a.zip": packed({"b.zip": bomb(10_000_000)})})),
        "a zip bomb beside the sheets": Hostile(
            lambda: packed(parts() | {"xl/media/1.png": b"\0" * 30_000_000}), is_read=True
        ),
        "entries on top of each other": Hostile(lambda: overlapping(1_500, parts() | {"z": big}), is_read=True),
        "100,000 entries": Hostile(lambda: many_members(100_000, parts())),
        "sizes stated too small": Hostile(lambda: lying_sizes(300)),
        "sizes stated too large": Hostile(lambda: lying_sizes(0xFFFF_0000), is_read=True),
        "an entry with a password": Hostile(lambda: encrypted(book())),
        "a workbook cut off": Hostile(lambda: book()[:700]),
        "a workbook without its beginning": Hostile(lambda: LOCAL + book()[700:]),
        "a workbook of noise": Hostile(lambda: LOCAL + bytes(range(256)) * 4_000),
        "entries packed by LZMA": Hostile(lambda: packed(parts(), way=ZIP_LZMA)),
        "entries packed by bzip2": Hostile(lambda: packed(parts(), way=ZIP_BZIP2)),
        "a wrong checksum": Hostile(lambda: changed(book(), at=ENTRY, by=b"\0\0\0\0", offset=16)),
        "absolute names and ..": Hostile(
            lambda: packed({"/etc/passwd": "x", "../../x": "x", "C:\\x": "x"} | parts()), is_read=True
        ),
        "a link out of the zip": Hostile(lambda: symlink("xl/media/x", "/etc/passwd", parts()), is_read=True),
        "a sheet that is a link": Hostile(
            lambda: symlink(
                "xl/worksheets/sheet1.xml",
                "/etc/passwd",
                {name: part for name, part in parts().items() if not name.endswith("sheet1.xml")},
            )
        ),
        "old Excel called xlsx": Hostile(lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5_000),
        "OpenDocument called xlsx": Hostile(
            lambda: packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"})
        ),
        "a PDF called xlsx": Hostile(lambda: b"%PDF-1.7\n" + b"x" * 5_000),
        "a picture called xlsx": Hostile(lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 5_000),
        "a zip called csv": Hostile(book, "people.csv"),
        "a packed stream called csv": Hostile(lambda: zlib.compress(b"a" * 10_000_000), "people.csv"),
    }


def _texts() -> dict[str, Hostile]:
    def text(build: Callable[[], str], *, encoding: str = "utf-8", is_read: bool = False) -> Hostile:
        return Hostile(lambda: build().encode(encoding), "people.csv", is_read)

    return {
        "a million columns": text(lambda: CSV_HEADER + ";" * 1_000_000 + "\n"),
        "a million columns in the header": text(lambda: "a;" * 1_000_000 + "\n"),
        "five million separators": text(lambda: CSV_HEADER + ";" * 5_000_000),
        "a line of 5 MB": text(lambda: CSV_HEADER + "a" * 5_000_000),
        "a quoted cell of 5 MB": text(lambda: CSV_HEADER + '"' + "a\n" * 2_500_000 + '"'),
        "a quote that never ends": text(lambda: CSV_HEADER + '"' + "a;b\n" * 1_000_000),
        "nothing but quotes": text(lambda: CSV_HEADER + '"' * 5_000_000),
        "lone quotes": text(lambda: CSV_HEADER + 'a"b;"c"d\n' * 100_000),
        "no separator is best": text(lambda: ("a;b,c\td|e" * 50 + "\n") * 9_000, is_read=True),
        "a million empty lines": text(lambda: CSV_HEADER + "\n" * 5_000_000),
        "zero bytes": text(lambda: CSV_HEADER + "a\0;b\0\n" * 10_000),
        "zero bytes from the start": Hostile(lambda: b"\0" * 5_000_000, "people.csv"),
        "UTF-16 cut in half": Hostile(lambda: ("\ufeff" + CSV_HEADER + "a;b\n").encode("utf-16-le")[:-1], "people.csv"),
        "UTF-32": text(lambda: CSV_HEADER + "a;b\n" * 1_000, encoding="utf-32", is_read=True),
        "UTF-32 without a mark": text(lambda: CSV_HEADER + "a;b\n" * 1_000, encoding="utf-32-le"),
        "half letters in UTF-16": Hostile(
            lambda: ("\ufeff" + CSV_HEADER).encode("utf-16-le") + b"\x00\xd8;\0a\0\n\0" * 1_000, "people.csv"
        ),
        "text in four bytes a letter": text(lambda: CSV_HEADER + "😀" * 1_000_000),
        "letters with 32,000 accents": text(lambda: CSV_HEADER + ("a" + COMBINING + ";b@f.test\n") * 30, is_read=True),
        "letters with 240 accents": text(
            lambda: CSV_HEADER + ("a" + COMBINING[:240] + ";b@f.test\n") * 9_000, is_read=True
        ),
        "more rows than a list may have": text(lambda: CSV_HEADER + "a;b@f.test\n" * 200_000),
        "commands in cells": text(lambda: CSV_HEADER + "=1+1;@SUM(A1)\n-2;+3\n\t=x;y\n", is_read=True),
        "a web page": text(lambda: "<html>" + CSV_HEADER),
    }


def _curricula() -> dict[str, Hostile]:
    def yaml(build: Callable[[], str | bytes]) -> Hostile:
        return Hostile(lambda: curriculum(build()), "mine.zip")

    lol = "a0: &a0 [x, x]\n" + "".join(f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 10)}]\n" for n in range(9))
    return {
        "YAML laughs": yaml(lambda: lol),
        "YAML merged keys": yaml(lambda: "a: &a {b: 1}\nc:\n  <<: *a\n"),
        "YAML a hundred thousand lists deep": yaml(lambda: "[" * 100_000),
        "YAML a hundred thousand mappings deep": yaml(lambda: "{a: " * 100_000),
        "YAML blocks 500 deep": yaml(lambda: "".join(" " * n + "a:\n" for n in range(500))),
        "YAML a key of 400 kB": yaml(lambda: "a" * 400_000 + ": 1\n"),
        "YAML a key of lists": yaml(lambda: "? " + "[a, " * 50_000),
        "YAML 50,000 keys": yaml(lambda: "".join(f"a{n}: 1\n" for n in range(50_000))),
        "YAML the same key again": yaml(lambda: "a: 1\n" * 5_000),
        "YAML a tag that makes an object": yaml(lambda: "!!python/object/apply:os.system ['true']\n"),
        "YAML a tag of its own": yaml(lambda: "a: !x y\n"),
        "YAML a thousand documents": yaml(lambda: "--- a\n" * 1_000),
        "YAML directives": yaml(lambda: "%TAG ! tag:x,2000:\n---\na: 1\n"),
        "YAML a quote that never ends": yaml(lambda: 'a: "' + "b" * 400_000),
        "YAML escapes": yaml(lambda: 'a: "' + "\\U0010FFFF" * 40_000 + '"\n'),
        "YAML escapes of nothing": yaml(lambda: 'a: "\\UFFFFFFFF"\n'),
        "YAML a number of 100,000 digits": yaml(lambda: "a: " + "9" * 100_000 + "\n"),
        "YAML a number in base 60": yaml(lambda: "a: " + ":".join(["59"] * 100_000) + "\n"),
        "YAML a text of 500 kB": yaml(lambda: "a: |\n" + "  b\n" * 125_000),
        "YAML colons": yaml(lambda: "a: " * 130_000),
        "YAML question marks": yaml(lambda: "? " * 200_000),
        "YAML comments": yaml(lambda: "#\n" * 250_000),
        "YAML white space": yaml(lambda: " " * 500_000),
        "YAML tabs": yaml(lambda: "a:\n\t- b\n" * 10_000),
        "YAML zero bytes": yaml(lambda: b"a: \0\n"),
        "YAML in UTF-16": yaml(lambda: "a: 1\n".encode("utf-16")),
        "YAML half letters": yaml(lambda: b"a: \xed\xa0\x80\n"),
        "a zip bomb for a curriculum": yaml(lambda: b" " * 50_000_000),
        "18 files of 400 kB": Hostile(
            lambda: packed({f"week-{n:02d}.yaml": b"a: " * 130_000 for n in range(1, 14)}), "mine.zip"
        ),
        "10,000 files for a curriculum": Hostile(
            lambda: many_members(10_000, {"curriculum.yaml": "a: 1\n"}), "mine.zip"
        ),
        "a curriculum with a password": Hostile(lambda: encrypted(curriculum("a: 1\n")), "mine.zip"),
        "a curriculum outside of its folder": Hostile(lambda: packed({"../curriculum.yaml": "a: 1\n"}), "mine.zip"),
        "a curriculum that is a link": Hostile(lambda: symlink("brief.yaml", "/etc/passwd", {}), "mine.zip"),
        "a curriculum twice": Hostile(
            lambda: packed({"a/curriculum.yaml": "a: 1\n", "b/curriculum.yaml": "a: 1\n"}), "mine.zip"
        ),
        "a curriculum of noise": Hostile(lambda: bytes(range(256)) * 1_000, "mine.zip"),
    }


HOSTILE = _workbooks() | _zips() | _texts() | _curricula()

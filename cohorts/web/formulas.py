"""Cells that a spreadsheet would read as a formula. Pure.

What we escape on the way out is unescaped on the way in, so that a list of ours can be uploaded again.
"""

# Also the full-width forms: a Japanese or Chinese spreadsheet treats them as the ASCII ones.
FORMULA_STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
SPACE = " \t\r\n\0"


def escaped(cell: object) -> str:
    """Escape a cell so that no spreadsheet reads it as a formula, even after leading space."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip(SPACE).startswith(FORMULA_STARTS) or text.startswith(("\t", "\r")) else text


def unescaped(cell: str) -> str:
    """A cell of a file without our escape."""
    is_escaped = cell.startswith("'") and cell[1:].lstrip(SPACE).startswith(FORMULA_STARTS)
    return cell[1:] if is_escaped else cell

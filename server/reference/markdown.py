"""The few shapes of Markdown that the reference is made of. For the pages of this folder only."""

from collections.abc import Iterable, Sequence

_SOURCE = "<!-- Written by `python -m server.reference` from the code. Change the code, then run it again. -->"


def document(title: str, *blocks: str) -> str:
    """Return a page: its title and its blocks, those that are empty left out."""
    return "\n\n".join([_SOURCE, f"# {title}", *filter(None, blocks)]) + "\n"


def section(title: str, *blocks: str, level: int = 2) -> str:
    """Return a heading with its blocks, those that are empty left out."""
    return "\n\n".join([f"{'#' * level} {title}", *filter(None, blocks)])


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, or nothing when it has no rows."""
    lines = [_row(cells) for cells in rows]
    return "\n".join([_row(header), "|" + "---|" * len(header), *lines]) if lines else ""


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def bullets(items: Iterable[str]) -> str:
    """Return a list."""
    return "\n".join(f"- {item}" for item in items)


def code(text: object) -> str:
    """Return a name or value as it is typed."""
    return f"`{text}`"


def codes(items: Iterable[object]) -> str:
    """Return names or values as they are typed, with commas between them."""
    return ", ".join(map(code, items))


def words(text: str | None) -> str:
    """Return a docstring as one paragraph."""
    return " ".join((text or "").split())


def sentence(text: str) -> str:
    """Return words with a capital at the beginning and a full stop at the end."""
    return text[:1].upper() + text[1:].rstrip(".") + "."

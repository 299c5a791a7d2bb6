"""`python -m server.reference`: write the reference pages into docs/, where the tests compare them with the code."""

from server.commands.output import note
from server.migrations import ROOT
from server.reference.pages import pages


def main() -> None:
    """Write every page and say which have changed."""
    for name, content in pages().items():
        file = ROOT / "docs" / name
        if not file.exists() or file.read_text(encoding="utf-8") != content:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")
            note(f"docs/{name} is written.")


if __name__ == "__main__":
    main()

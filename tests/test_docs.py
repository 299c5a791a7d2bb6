"""What people read stays true: links resolve, named files exist, the README is short, the statement is the real one."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.agreement import TerritoryKind
from domain.grant import Cohort, RowLimit
from resolvers.document import DocumentLimits
from resolvers.plan import Planner
from schema.registry import full_schema
from schema.visible import visible_schema
from server.partners import PARTNERS

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs").rglob("*.md")))
FLOORS = "alembic|auth|benchmarks|docs|domain|resolvers|schema|server|tests"

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(rf"(?<![\w/.])((?:(?:{FLOORS})/[\w./-]*[\w/])|[\w.-]+\.(?:toml|lock|yml)|Makefile)")


def _prose(page: Path) -> str:
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def test_the_readme_is_short() -> None:
    """The README has at most 500 words, those of its commands and answers included."""
    assert len((ROOT / "README.md").read_text(encoding="utf-8").split()) <= 500


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_leads_somewhere(page: Path) -> None:
    """A relative link names a file of the project and, after `#`, a heading of it."""
    broken = [link for link in _LINK.findall(_prose(page)) if not _resolves(page, link)]
    assert broken == []


def _resolves(page: Path, link: str) -> bool:
    if link.startswith(("http://", "https://")):
        return True
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    return target.exists() and (not anchor or anchor in _anchors(target))


def _anchors(page: Path) -> Iterator[str]:
    """Yield the anchors of a page's headings, as code hosts make them."""
    for heading in re.findall(r"^#+ (.+)$", _prose(page), re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_no_page_names_a_file_that_does_not_exist(page: Path) -> None:
    """A path of the project in the text is the path of a file or folder."""
    named = {path.rstrip("/.") for path in _FILE.findall(_LINK.sub("", _prose(page)))}
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_a_path_is_recognised() -> None:
    """The tests above see a path in code, at the end of a sentence, and without a folder; an address is none."""
    text = "See `domain/grant.py`, docs/reference/, `pyproject.toml` and Makefile. Not http://a.example/docs/x.md."
    assert _FILE.findall(text) == ["domain/grant.py", "docs/reference/", "pyproject.toml", "Makefile"]


@pytest.mark.parametrize("folder", ["docs", "docs/decisions", "docs/tutorials", "docs/reference"])
def test_the_index_leads_to_every_page(folder: str) -> None:
    """From the index, or that of the decisions, a link leads to every page."""
    index = ROOT / "docs" / ("decisions/index.md" if folder.endswith("decisions") else "index.md")
    linked = {(index.parent / link.partition("#")[0]).resolve() for link in _LINK.findall(_prose(index))}
    assert {page for page in (ROOT / folder).glob("*.md") if page != index} <= linked


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "decisions").glob("[!i]*.md")), ids=_name)
def test_a_decision_has_its_parts(page: Path) -> None:
    """A record has context, a decision in two sentences, consequences, alternatives, and what holds it."""
    text = page.read_text(encoding="utf-8")
    parts = re.findall(r"^\*\*(.+?)\.\*\*", text, re.MULTILINE)
    assert parts == ["Context", "Decision", "Consequences", "Alternatives", "What holds it"]
    decision = text.split("**Decision.**")[1].split("\n\n")[0]
    assert len(re.findall(r"[.](?:\s|$)", decision)) == 2


def test_the_statement_of_the_architecture_is_the_real_one() -> None:
    """The statement that ARCHITECTURE.md shows, shortened at `…`, is the one that its question is planned as."""
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    question, shown = (re.search(rf"```{language}\n(.*?)```", page, re.DOTALL) for language in ("graphql", "sql"))
    assert question is not None
    assert shown is not None
    bundles = next(partner.bundles for partner in PARTNERS if partner.client_id == "nashonuma")
    planner = Planner(visible_schema(full_schema(), bundles), DocumentLimits())
    limit = RowLimit(TerritoryKind.NATIONAL, cohort=Cohort(1, "NASHONUMA"))
    plan, _ = planner.plan(question[1], None, {"bands": ["A", "B"]}, limit)
    statement, place = _normal(plan.sql), 0
    for part in map(_normal, shown[1].split("…")):
        found = statement.find(part, place)
        assert found >= 0, f"not in the statement, or not in this place: {part}"
        place = found + len(part)


def _normal(sql: str) -> str:
    return " ".join(sql.split())

"""The rules of the house that no type checker knows, as tests."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ("auth", "domain", "resolvers", "schema", "server")
READS = {"select", "exists"}
WRITES = {"insert", "update", "delete"}


def _modules(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def _calls(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.lineno, node.func.id


def test_only_the_domain_and_the_planner_write_queries() -> None:
    """A query that is written anywhere else has passed no row limit: in a peer's system the CSV export was one, and it
    gave every office the rows of all others. Ask a service of domain/, or declare an answer for the planner."""
    found = [
        f"{path.relative_to(ROOT)}:{line} calls {name}()"
        for path in _modules("auth", "schema", "server")
        for line, name in _calls(path)
        # auth/ writes its own table of used assertions and reads it by writing.
        if name in READS or (name in WRITES and "auth" not in path.parts)
    ]
    assert found == []


def test_every_table_that_the_planner_reads_passes_the_row_limit() -> None:
    """In resolvers/ a query stands only where the row limit is put into it: in the planner's own modules."""
    reading = {path.name for path in _modules("resolvers") for _, name in _calls(path) if name in READS}
    assert reading <= {"cross_check.py", "filters.py", "json.py", "known.py", "limits.py", "objects.py", "plan.py"}


@pytest.mark.parametrize("folder", FLOORS)
def test_every_module_says_what_it_is(folder: str) -> None:
    """A file says in its first lines what it is; every class and every public function says what it means."""
    silent = []
    for path in _modules(folder):
        tree = ast.parse(path.read_text())
        if ast.get_docstring(tree) is None:
            silent.append(str(path.relative_to(ROOT)))
        for node in tree.body:
            if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if not node.name.startswith("_") and ast.get_docstring(node) is None:
                silent.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert silent == []


def test_files_stay_readable() -> None:
    """No module grows over 450 lines, the longest of the codebases that read well."""
    long = {
        str(path.relative_to(ROOT)): count
        for path in _modules(*FLOORS)
        if (count := len(path.read_text().splitlines())) > 450
    }
    assert long == {}


def test_the_library_alembic_is_not_shadowed() -> None:
    """A package of our own named alembic would hide the library from every import."""
    assert not (ROOT / "alembic" / "__init__.py").exists()


def test_no_file_names_an_index_or_a_secret() -> None:
    """Lock files pin versions and hashes and name no place to get them from."""
    for name in ("requirements.lock", "requirements-dev.lock"):
        assert not re.search(r"https?://|--index|--find-links", (ROOT / name).read_text())

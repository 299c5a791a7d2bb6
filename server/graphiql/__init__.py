"""The page at `/graphql` for people: GraphiQL, from assets shipped beside this module. For the application only."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from server.headers import GRAPHIQL_POLICY

_HERE = Path(__file__).parent
_PAGE = (_HERE / "page.html").read_text(encoding="utf-8")
_HOUR = "public, max-age=3600"


async def graphiql_page(request: Request) -> Response:
    """Answer a browser with GraphiQL."""
    return HTMLResponse(_PAGE, headers={"Content-Security-Policy": GRAPHIQL_POLICY, "Vary": "Accept"})


def graphiql_assets() -> Mount:
    """Return the route of the page's scripts and styles."""
    return Mount("/graphql/assets", _Assets(directory=_HERE / "assets"))


class _Assets(StaticFiles):
    def file_response(self, *arguments: object, **options: object) -> Response:
        response = super().file_response(*arguments, **options)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = _HOUR
        return response

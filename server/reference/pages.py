"""All generated files of docs/ by their name below it. For the command that writes and the tests that compare them."""

from schema import sdl
from server.reference import (
    commands,
    errors,
    limits,
    programmes,
    reasons,
    scopes,
    scorecard_file,
    settings,
    survey_file,
    types,
)


def pages() -> dict[str, str]:
    """Return the content of every generated file: the reference pages and the printed schema."""
    return {
        "schema.graphql": sdl.render(),
        "reference/scopes.md": scopes.page(),
        "reference/types.md": types.page(),
        "reference/programmes.md": programmes.page(),
        "reference/reasons.md": reasons.page(),
        "reference/errors.md": errors.page(),
        "reference/limits.md": limits.page(),
        "reference/settings.md": settings.page(),
        "reference/commands.md": commands.page(),
        "reference/survey-file.md": survey_file.page(),
        "reference/scorecard-file.md": scorecard_file.page(),
    }

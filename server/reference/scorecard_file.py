"""The page of the scorecard file, from the catalogue of features."""

from domain.scoring.feature import Feature
from domain.scoring.features import FEATURES
from server.reference.markdown import code, codes, document, section, table

_INTRODUCTION = """\
A scorecard turns the answers of a household into a score from 0 to 100; lower is poorer. `nser scorecard load FILE`
stores one from a TOML file, `nser rescore` applies it. In force is, of the scorecards valid today, the one that
became valid last; a demonstration only where there is no other. The points are shown by no answer, error or log. A
version that is stored is never overwritten: a changed scorecard takes a version of its own.

The file in `domain/reference/scorecard_schreiner_2009.toml` is a complete example: a published scorecard, marked as
a demonstration. The formula of the National Socio-Economic Registry is not public; a deployment loads its own."""

_KEYS = (
    ("code", "Which scorecard it is."),
    ("version", "Which version of it."),
    ("title", "Its title for readers."),
    ("source", "Where the formula comes from, for readers. It is shown by `scorecards`."),
    ("valid_from", "The first day of its validity."),
    ("valid_until", "The last day; left out while it has none."),
    ("demonstration", "`true` for one that no decision may rest on."),
    ("constant", "Points that every household has; 0 when left out."),
    ("[[question]]", "One table for each feature that is asked, with `feature` and `points`."),
)

_POINTS = """\
Points have at most two decimals, and no combination of answers may lead below 0 or above 100. Of a feature with
answers, `points` gives points to each answer. Of a number, `points` is a list of ranges, each with `from`
(included), `below` (not included, left out in the last) and `points`; the ranges begin at 0 and leave no gap.

```toml
[[question]]
feature = "toilet"
points = { flush_sewer = 4, flush_pit = 2, flush_open_drain = 2, dry_pit = 0, none = 0 }

[[question]]
feature = "rooms"
points = [{ from = 0, below = 3, points = 0 }, { from = 3, points = 5 }]
```"""


def page() -> str:
    """Return the page of the scorecard file."""
    features = table(("feature", "meaning", "answers"), (_feature(feature) for feature in FEATURES.values()))
    return document(
        "The scorecard file",
        _INTRODUCTION,
        section("Keys", table(("key", "meaning"), ((code(key), meaning) for key, meaning in _KEYS))),
        section("Points", _POINTS),
        section("Features", "A household that lacks an answer which a question needs has no score.", features),
    )


def _feature(feature: Feature) -> tuple[str, str, str]:
    return code(feature.name), feature.meaning, codes(feature.answers) if feature.answers else "a number"

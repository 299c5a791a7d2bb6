"""The page of reason codes: what each says, and of which programmes."""

from domain.eligibility.reason import WORDS, Reason
from server.reference.markdown import code, codes, document, section
from server.reference.rules import shipped_rules

_INTRODUCTION = """\
`Determination.reasons` holds the code of each criterion that is not met or not known, in the order of the criteria;
it is empty when all are met. A code names the criterion and never a value, a threshold or a person. Codes that say
*not known* end in `_UNKNOWN` or `_PENDING`: with no other code the decision is `UNKNOWN`, which is not a no. A
household that is not eligible has the codes of all its members of the group, in alphabetical order.
[Programmes](programmes.md) has the criteria with their thresholds."""


def page() -> str:
    """Return the page of reason codes."""
    users = _users()
    return document("Reason codes", _INTRODUCTION, *(_reason(reason, users.get(reason, [])) for reason in Reason))


def _reason(reason: Reason, programmes: list[str]) -> str:
    says = "not known" if reason.is_unknown else "not met"
    return section(code(reason.value), WORDS[reason], f"Says *{says}*. Given by {codes(programmes)}.")


def _users() -> dict[Reason, list[str]]:
    users: dict[Reason, list[str]] = {}
    for shipped in shipped_rules():
        for condition in shipped.rules.conditions():
            for reason in filter(None, (condition.unmet, condition.unknown)):
                programmes = users.setdefault(reason, [])
                if shipped.programme not in programmes:
                    programmes.append(shipped.programme)
    return users

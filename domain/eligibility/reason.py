"""Why a programme's rules do not say yes: the codes of a determination's `reasons`. Anyone may import it.

The grammar of a code: upper-case words of ASCII letters joined by `_`. It names the criterion and what was found; it
never holds a value, a threshold or a name. A code that ends in `_UNKNOWN` or `_PENDING` says that the criterion cannot
be decided from what the registry holds, and the decision is then `UNKNOWN` unless another criterion is not met; every
other code says that the criterion is not met. A code that has been published is never given another meaning.
"""

from enum import StrEnum


class Reason(StrEnum):
    """The code of one criterion that is not met or not known."""

    SCORE_ABOVE_CUTOFF = "SCORE_ABOVE_CUTOFF"
    SCORE_UNKNOWN = "SCORE_UNKNOWN"
    MARITAL_STATUS_UNKNOWN = "MARITAL_STATUS_UNKNOWN"
    MATERNITY_UNKNOWN = "MATERNITY_UNKNOWN"
    CNIC_MISSING = "CNIC_MISSING"
    BFORM_MISSING = "BFORM_MISSING"
    NOT_VERIFIED = "NOT_VERIFIED"
    VERIFICATION_PENDING = "VERIFICATION_PENDING"
    EXCLUSION_FILTER_APPLIED = "EXCLUSION_FILTER_APPLIED"
    NO_KAFAALAT_IN_HOUSEHOLD = "NO_KAFAALAT_IN_HOUSEHOLD"
    NOT_AT_SCHOOL = "NOT_AT_SCHOOL"
    ATTENDANCE_UNKNOWN = "ATTENDANCE_UNKNOWN"
    STAGE_NOT_SERVED = "STAGE_NOT_SERVED"
    STAGE_UNKNOWN = "STAGE_UNKNOWN"
    AGE_OUTSIDE_STAGE = "AGE_OUTSIDE_STAGE"
    EDUCATION_BELOW_MINIMUM = "EDUCATION_BELOW_MINIMUM"
    EDUCATION_UNKNOWN = "EDUCATION_UNKNOWN"
    MOBILE_MISSING = "MOBILE_MISSING"
    HOUSEHOLD_ALREADY_SERVED = "HOUSEHOLD_ALREADY_SERVED"

    @property
    def is_unknown(self) -> bool:
        """Whether the code says *not known* rather than *not met*."""
        return self.value.endswith(("_UNKNOWN", "_PENDING"))


WORDS: dict[Reason, str] = {
    Reason.SCORE_ABOVE_CUTOFF: "The household's score is above the programme's cut-off.",
    Reason.SCORE_UNKNOWN: "The household has no score, because answers are missing.",
    Reason.MARITAL_STATUS_UNKNOWN: "Whether she has ever been married was not answered.",
    Reason.MATERNITY_UNKNOWN: "Whether she is pregnant or breastfeeding was not answered.",
    Reason.CNIC_MISSING: "No CNIC of the person is on record.",
    Reason.BFORM_MISSING: "No B-Form number of the child is on record.",
    Reason.NOT_VERIFIED: "NADRA did not confirm the person's number.",
    Reason.VERIFICATION_PENDING: "NADRA has not answered about the person's number yet.",
    Reason.EXCLUSION_FILTER_APPLIED: "An exclusion filter applies to the person; it can be appealed.",
    Reason.NO_KAFAALAT_IN_HOUSEHOLD: "Nobody of the household is an active beneficiary of Benazir Kafaalat.",
    Reason.NOT_AT_SCHOOL: "The child was not at school at the survey.",
    Reason.ATTENDANCE_UNKNOWN: "Whether the child is at school was not answered.",
    Reason.STAGE_NOT_SERVED: "The person is past the stages of schooling that the programme serves.",
    Reason.STAGE_UNKNOWN: "The stage of schooling is not known, because the level completed was not answered.",
    Reason.AGE_OUTSIDE_STAGE: "The age is outside the ages of the person's stage of schooling.",
    Reason.EDUCATION_BELOW_MINIMUM: "The level of education completed is below the programme's minimum.",
    Reason.EDUCATION_UNKNOWN: "The level of education completed was not answered.",
    Reason.MOBILE_MISSING: "No mobile number of the household is on record.",
    Reason.HOUSEHOLD_ALREADY_SERVED: "Another member of the household takes part, and the programme serves one.",
}
"""What each code says to the person concerned."""

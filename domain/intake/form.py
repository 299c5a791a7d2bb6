"""The columns of the survey file, the public intake format. Whoever writes or reads a survey file imports them.

A survey is a folder with `households` and `persons`, each as `.csv` (UTF-8, with header) or `.parquet`. Columns
come in any order. An empty value, or a missing optional column, means *not answered*; an unknown column is an error.
"""

HOUSEHOLD_COLUMNS = (
    "form_no",
    "region_code",
    "address",
    "mobile",
    "latitude",
    "longitude",
    "surveyed_on",
    "source",
    "enumerator",
    "monthly_income",
    "tenure",
    "rooms",
    "toilet",
    "water_source",
    "cooking_fuel",
    "lighting",
    "refrigerator",
    "washing_machine",
    "air_conditioner",
    "tv",
    "cooking_range",
    "motorcycle",
    "car",
    "tractor",
    "large_livestock",
    "small_livestock",
    "agricultural_land_acres",
)
"""Every column of `households`, in the order in which the project writes them."""

PERSON_COLUMNS = (
    "form_no",
    "line_no",
    "name",
    "cnic",
    "bform_no",
    "sex",
    "birth_date",
    "relation_to_head",
    "marital_status",
    "is_pregnant",
    "expected_delivery",
    "is_lactating",
    "education_level",
    "attending_school",
    "employment_status",
    "elementary_occupation",
    "occupation",
    "disability_domain",
    "disability_severity",
)
"""Every column of `persons`, in the order in which the project writes them."""

REQUIRED_HOUSEHOLD_COLUMNS = frozenset({"form_no", "region_code", "surveyed_on", "source"})
"""What a household cannot be registered without."""

REQUIRED_PERSON_COLUMNS = frozenset({"form_no", "line_no", "name", "sex", "birth_date", "relation_to_head"})
"""What a person cannot be registered without."""

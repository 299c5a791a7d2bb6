"""The project's own table of provinces, districts and tehsils. Anyone may read it.

The table serves demonstrations and tests, and a deployment that has no regions file of its own. Its codes are the
project's, not the P-codes of the humanitarian data sets: `PB` is a province, `PB-001` a district, `PB-001-01` a
tehsil, numbered in the order of names. A code that has been given is not given again; new regions are numbered on.
"""

from pathlib import Path


def builtin_regions_file() -> Path:
    """Return the built-in regions file, `pcode,level,name,parent` with levels 1 province, 2 district, 3 tehsil."""
    return Path(__file__).with_name("regions.csv")

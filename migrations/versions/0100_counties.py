"""Colorado's 64 counties: rural-urban codes of 2023 and local workforce areas."""

from __future__ import annotations

import csv
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0100"
down_revision = "0008"
branch_labels = None
depends_on = None

FACTS = Path(__file__).resolve().parent.parent / "data" / "colorado_counties.csv"

# The table as it was at this revision, whatever the application makes of it later.
county = sa.table(
    "county",
    sa.column("fips", sa.String),
    sa.column("state", sa.String),
    sa.column("name", sa.String),
    sa.column("rucc", sa.Integer),
    sa.column("local_area", sa.String),
    sa.column("sub_area", sa.String),
    sa.column("certainty", sa.String),
)


def _rows() -> list[dict[str, object]]:
    with FACTS.open(encoding="utf-8", newline="") as file:
        return [
            {**row, "state": "CO", "rucc": int(row["rucc"]), "sub_area": row["sub_area"] or None}
            for row in csv.DictReader(file)
        ]


def upgrade() -> None:
    """Write the counties."""
    op.bulk_insert(county, _rows())


def downgrade() -> None:
    """Take them out again; worksites keep their coordinates but lose their county."""
    listed = [str(row["fips"]) for row in _rows()]
    worksite = sa.table("worksite", sa.column("county_fips", sa.String))
    op.execute(sa.update(worksite).where(worksite.c.county_fips.in_(listed)).values(county_fips=None))
    op.execute(sa.delete(county).where(county.c.fips.in_(listed)))

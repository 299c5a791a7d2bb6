"""the registry

Revision: 0001
Follows:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# A month is completed on the same day of a later month or, when it is shorter, on its last day; `age()` would wait for
# the first of the next, and with it a child could be too old for a programme before she is shown to be.
COMPLETED_MONTHS = """
create function completed_months(birth date, day date) returns integer language sql immutable parallel safe return
  (extract(year from day) - extract(year from birth)) * 12 + extract(month from day) - extract(month from birth)
  - (extract(day from birth) > extract(day from day) and extract(day from day + 1) > 1)::integer
"""

PERSON_AGE = """
create view person_age as
select id as person_id, completed_months(birth_date, current_date) / 12 as age_years from person
"""

# A code that nothing bears fails the statement that asks for it (SQLSTATE NS001): an empty answer would look like "no".
PROGRAMME_IDS = """
create function programme_ids(codes text[]) returns integer[] language plpgsql stable parallel safe as $$
declare ids integer[]; unknown text;
begin
  select array_agg(id) into ids from programme where code = any(codes);
  if cardinality(ids) is distinct from cardinality(codes) then
    select asked.code into unknown from unnest(codes) as asked(code)
      where not exists (select from programme p where p.code = asked.code) limit 1;
    if found then
      raise exception using errcode = 'NS001', message = format('There is no programme with the code %s.', unknown);
    end if;
  end if;
  return ids;
end $$
"""

REGION_IDS = """
create function region_ids(codes text[]) returns integer[] language plpgsql stable parallel safe as $$
declare ids integer[]; named integer; unknown text;
begin
  select array_agg(d.id), count(distinct n.id) into ids, named
    from region n join region d on d.id = n.id or d.district_id = n.id or d.province_id = n.id
    where n.code = any(codes);
  if named is distinct from cardinality(codes) then
    select asked.code into unknown from unnest(codes) as asked(code)
      where not exists (select from region r where r.code = asked.code) limit 1;
    if found then
      raise exception using errcode = 'NS001', message = format('There is no region with the code %s.', unknown);
    end if;
  end if;
  return ids;
end $$
"""

DISTRICT_IDS = """
create function district_ids(codes text[]) returns integer[] language sql stable parallel safe as $$
  select array(
    select d.id from region d where d.level = 2 and exists (
      select from region named where named.code = any(codes) and (
        d.id = named.district_id or (named.level = 1 and d.province_id = named.id)
      )
    )
  )
$$
"""

# The registry's days begin at midnight in Pakistan, for every session that does not say otherwise.
IN_PAKISTAN = """
do $$ begin
  execute format('alter database %I set timezone = %L', current_database(), 'Asia/Karachi');
end $$
"""


def upgrade() -> None:
    # A migration that cannot get its lock soon gives up, rather than queue everybody behind itself.
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_code")),
    )
    op.create_table(
        "region",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("province_id", sa.Integer(), nullable=True),
        sa.Column("district_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint("(level = 1) = (parent_id is null)", name=op.f("ck_region_parent")),
        sa.CheckConstraint("level between 1 and 3", name=op.f("ck_region_level")),
        sa.ForeignKeyConstraint(["district_id"], ["region.id"], name=op.f("fk_region_district_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["region.id"], name=op.f("fk_region_parent_id")),
        sa.ForeignKeyConstraint(["province_id"], ["region.id"], name=op.f("fk_region_province_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_region")),
        sa.UniqueConstraint("code", name=op.f("uq_region_code")),
    )
    op.create_index(op.f("ix_region_district_id"), "region", ["district_id"], unique=False)
    op.create_index(op.f("ix_region_parent_id"), "region", ["parent_id"], unique=False)
    op.create_index(op.f("ix_region_province_id"), "region", ["province_id"], unique=False)
    op.create_table(
        "scorecard",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("parameters", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scorecard")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_scorecard_code_version")),
    )
    op.create_table(
        "signing_key",
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("private_jwk", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_signing_key")),
    )
    op.create_table(
        "used_assertion",
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("jti", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "jti", name=op.f("pk_used_assertion")),
    )
    op.create_index(op.f("ix_used_assertion_expires_at"), "used_assertion", ["expires_at"], unique=False)
    op.create_table(
        "data_sharing_agreement",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("consumer", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("purposes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("bundles", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("territory_kind", sa.Text(), nullable=False),
        sa.Column("territory", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "DRAFT",
                "ACTIVE",
                "SUSPENDED",
                "ENDED",
                name="agreement_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(territory_kind in ('PROVINCES', 'DISTRICTS')) = (cardinality(territory) >= 1)",
            name=op.f("ck_data_sharing_agreement_territory"),
        ),
        sa.CheckConstraint(
            "territory_kind in ('NONE', 'NATIONAL', 'PROVINCES', 'DISTRICTS')",
            name=op.f("ck_data_sharing_agreement_territory_kind"),
        ),
        sa.CheckConstraint("cardinality(purposes) >= 1", name=op.f("ck_data_sharing_agreement_purposes")),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("ck_data_sharing_agreement_validity")),
        sa.ForeignKeyConstraint(["cohort_id"], ["programme.id"], name=op.f("fk_data_sharing_agreement_cohort_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_sharing_agreement")),
        sa.UniqueConstraint("reference", name=op.f("uq_data_sharing_agreement_reference")),
    )
    op.create_table(
        "household",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("uuidv7()"),
            nullable=False,
            comment="The household's number in this registry; it says nothing about the household.",
        ),
        sa.Column("form_no", sa.Text(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.SmallInteger(), nullable=False, comment="How many members the roster names."),
        sa.Column(
            "source",
            sa.Enum("DOOR_TO_DOOR", "DESK", name="survey_source", native_enum=False, create_constraint=True, length=32),
            nullable=False,
            comment="How the latest survey was collected.",
        ),
        sa.Column("registered_on", sa.Date(), nullable=False, comment="The date of the first accepted survey."),
        sa.Column("surveyed_on", sa.Date(), nullable=False, comment="The date of the latest accepted survey."),
        sa.Column("address", sa.Text(), nullable=True, comment="The address as the enumerator wrote it."),
        sa.Column("latitude", sa.Double(), nullable=True, comment="Degrees north (WGS 84)."),
        sa.Column("longitude", sa.Double(), nullable=True, comment="Degrees east (WGS 84)."),
        sa.Column("mobile", sa.Text(), nullable=True, comment="A mobile number in E.164 form, +923XXXXXXXXX."),
        sa.Column(
            "monthly_income",
            sa.Integer(),
            nullable=True,
            comment="Stated income of the household in Pakistani rupees a month.",
        ),
        sa.Column("rooms", sa.SmallInteger(), nullable=True, comment="Rooms to live in, without kitchen and stores."),
        sa.Column(
            "tenure",
            sa.Enum(
                "OWNED",
                "RENTED",
                "RENT_FREE",
                "OTHER",
                name="tenure",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="On what footing the dwelling is held.",
        ),
        sa.Column(
            "toilet",
            sa.Enum(
                "FLUSH_SEWER",
                "FLUSH_PIT",
                "FLUSH_OPEN_DRAIN",
                "DRY_PIT",
                "NONE",
                name="toilet",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="The kind of toilet in use.",
        ),
        sa.Column(
            "water_source",
            sa.Enum(
                "PIPED",
                "MOTOR_PUMP",
                "HAND_PUMP",
                "CLOSED_WELL",
                "OPEN_WELL",
                "TANKER",
                "OTHER",
                name="water_source",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="The main source of drinking water.",
        ),
        sa.Column(
            "cooking_fuel",
            sa.Enum(
                "GAS",
                "LPG",
                "FIREWOOD",
                "DUNG",
                "OTHER",
                name="cooking_fuel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="The main cooking fuel.",
        ),
        sa.Column(
            "lighting",
            sa.Enum(
                "ELECTRICITY", "SOLAR", "OTHER", name="lighting", native_enum=False, create_constraint=True, length=32
            ),
            nullable=True,
            comment="The main source of light.",
        ),
        sa.Column("refrigerator", sa.Boolean(), nullable=True, comment="Owns a refrigerator."),
        sa.Column("washing_machine", sa.Boolean(), nullable=True, comment="Owns a washing machine."),
        sa.Column("air_conditioner", sa.Boolean(), nullable=True, comment="Owns an air conditioner."),
        sa.Column("tv", sa.Boolean(), nullable=True, comment="Owns a television."),
        sa.Column("cooking_range", sa.Boolean(), nullable=True, comment="Owns a cooking range."),
        sa.Column("motorcycle", sa.Boolean(), nullable=True, comment="Owns a motorcycle."),
        sa.Column("car", sa.Boolean(), nullable=True, comment="Owns a car or another motor vehicle."),
        sa.Column("tractor", sa.Boolean(), nullable=True, comment="Owns a tractor."),
        sa.Column("large_livestock", sa.Integer(), nullable=True, comment="Head of cattle, buffalo, camels, horses."),
        sa.Column("small_livestock", sa.Integer(), nullable=True, comment="Head of goats, sheep, poultry."),
        sa.Column("agricultural_land_acres", sa.Double(), nullable=True, comment="Agricultural land owned, in acres."),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("monthly_income >= 0", name=op.f("ck_household_monthly_income")),
        sa.CheckConstraint("rooms >= 0", name=op.f("ck_household_rooms")),
        sa.CheckConstraint("size >= 1", name=op.f("ck_household_size")),
        sa.ForeignKeyConstraint(["district_id"], ["region.id"], name=op.f("fk_household_district_id")),
        sa.ForeignKeyConstraint(["province_id"], ["region.id"], name=op.f("fk_household_province_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_household_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
        sa.UniqueConstraint("form_no", name=op.f("uq_household_form_no")),
    )
    op.create_index(op.f("ix_household_district_id_id"), "household", ["district_id", "id"], unique=False)
    op.create_index(op.f("ix_household_region_id_id"), "household", ["region_id", "id"], unique=False)
    op.create_index(op.f("ix_household_registered_on_id"), "household", ["registered_on", "id"], unique=False)
    op.create_index(op.f("ix_household_surveyed_on_id"), "household", ["surveyed_on", "id"], unique=False)
    op.create_table(
        "programme_conflict",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("excludes_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint("level in ('PERSON', 'HOUSEHOLD')", name=op.f("ck_programme_conflict_level")),
        sa.ForeignKeyConstraint(["excludes_id"], ["programme.id"], name=op.f("fk_programme_conflict_excludes_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_programme_conflict_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_conflict")),
        sa.UniqueConstraint(
            "programme_id",
            "excludes_id",
            "level",
            "valid_from",
            name=op.f("uq_programme_conflict_programme_id_excludes_id_level_valid_from"),
        ),
    )
    op.create_table(
        "programme_rules",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("parameters", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_programme_rules_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_rules")),
        sa.UniqueConstraint("programme_id", "version", name=op.f("uq_programme_rules_programme_id_version")),
    )
    op.create_table(
        "client",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("auth_method", sa.Text(), nullable=False),
        sa.Column("secret_digest", sa.Text(), nullable=True),
        sa.Column("jwks", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint(
            "(auth_method = 'client_secret_basic') = (secret_digest is not null)", name=op.f("ck_client_secret")
        ),
        sa.CheckConstraint("(auth_method = 'private_key_jwt') = (jwks is not null)", name=op.f("ck_client_jwks")),
        sa.CheckConstraint(
            "auth_method in ('client_secret_basic', 'private_key_jwt')", name=op.f("ck_client_auth_method")
        ),
        sa.ForeignKeyConstraint(["agreement_id"], ["data_sharing_agreement.id"], name=op.f("fk_client_agreement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("name", name=op.f("uq_client_name")),
    )
    op.create_table(
        "person",
        sa.Column(
            "id",
            sa.Uuid(),
            server_default=sa.text("uuidv7()"),
            nullable=False,
            comment="The registrant's number in this registry; it says nothing about the person.",
        ),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="The name as the enumerator wrote it."),
        sa.Column("cnic", sa.Text(), nullable=True, comment="The CNIC, written #####-#######-#."),
        sa.Column(
            "bform_no", sa.Text(), nullable=True, comment="The B-Form (CRC) number of a minor, written #####-#######-#."
        ),
        sa.Column(
            "sex",
            sa.Enum("MALE", "FEMALE", "TRANSGENDER", name="sex", native_enum=False, create_constraint=True, length=32),
            nullable=False,
            comment="The recorded sex.",
        ),
        sa.Column("birth_date", sa.Date(), nullable=False, comment="The date of birth."),
        sa.Column(
            "relation_to_head",
            sa.Enum(
                "HEAD",
                "SPOUSE",
                "SON_DAUGHTER",
                "CHILD_IN_LAW",
                "GRANDCHILD",
                "PARENT",
                "SIBLING",
                "SIBLING_IN_LAW",
                "NEPHEW_NIECE",
                "GRANDPARENT",
                "OTHER_RELATIVE",
                "NON_RELATIVE",
                name="relation_to_head",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="What the person is to the head of the household.",
        ),
        sa.Column(
            "marital_status",
            sa.Enum(
                "NEVER_MARRIED",
                "MARRIED",
                "WIDOWED",
                "DIVORCED",
                "SEPARATED",
                name="marital_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="The marital status.",
        ),
        sa.Column("is_pregnant", sa.Boolean(), nullable=True, comment="Whether she was pregnant at the survey."),
        sa.Column("expected_delivery", sa.Date(), nullable=True, comment="The expected date of delivery."),
        sa.Column("is_lactating", sa.Boolean(), nullable=True, comment="Whether she was breastfeeding at the survey."),
        sa.Column(
            "education_level",
            sa.Enum(
                "NONE",
                "PRIMARY",
                "MIDDLE",
                "MATRIC",
                "INTERMEDIATE",
                "BACHELOR",
                "POSTGRADUATE",
                name="education_level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="The highest level completed.",
        ),
        sa.Column("attending_school", sa.Boolean(), nullable=True, comment="Whether at school or college now."),
        sa.Column(
            "employment_status",
            sa.Enum(
                "GOVERNMENT",
                "PRIVATE",
                "SELF_EMPLOYED",
                "DAILY_WAGE",
                "UNPAID_FAMILY",
                "UNEMPLOYED",
                "NOT_IN_LABOUR_FORCE",
                name="employment_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="What the person lives from.",
        ),
        sa.Column("elementary_occupation", sa.Boolean(), nullable=True),
        sa.Column("occupation", sa.Text(), nullable=True, comment="The occupation in the enumerator's words."),
        sa.Column(
            "disability_domain",
            sa.Enum(
                "SEEING",
                "HEARING",
                "WALKING",
                "COGNITION",
                "SELF_CARE",
                "COMMUNICATION",
                name="disability_domain",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="The domain of the gravest limitation (Washington Group).",
        ),
        sa.Column(
            "disability_severity",
            sa.Enum(
                "SOME",
                "A_LOT",
                "CANNOT_DO",
                name="disability_severity",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
            comment="How much difficulty (Washington Group).",
        ),
        sa.Column(
            "verification_status",
            sa.Enum(
                "PENDING",
                "MATCH",
                "MISMATCH",
                "NO_RECORD",
                "EXPIRED",
                "BLOCKED",
                "UNAVAILABLE",
                name="verification_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            server_default="PENDING",
            nullable=False,
            comment="What NADRA answered about the person's number.",
        ),
        sa.Column(
            "verification_checked_on",
            sa.Date(),
            nullable=True,
            comment="The date of NADRA's answer; empty while it is pending.",
        ),
        sa.Column(
            "verification_mismatches",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="The roster fields that differ from NADRA's record.",
        ),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("line_no >= 1", name=op.f("ck_person_line_no")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_person_household_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("bform_no", name=op.f("uq_person_bform_no")),
        sa.UniqueConstraint("cnic", name=op.f("uq_person_cnic")),
    )
    op.create_index(op.f("ix_person_birth_date_id"), "person", ["birth_date", "id"], unique=False)
    op.create_index(op.f("ix_person_district_id_id"), "person", ["district_id", "id"], unique=False)
    op.create_index(op.f("ix_person_household_id_line_no"), "person", ["household_id", "line_no"], unique=True)
    op.create_index(
        "ix_person_pregnant", "person", ["district_id", "id"], unique=False, postgresql_where=sa.text("is_pregnant")
    )
    op.create_table(
        "score",
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("scorecard_id", sa.Integer(), nullable=False),
        sa.Column(
            "value",
            sa.SmallInteger(),
            nullable=True,
            comment="The score from 0 to 100; lower is poorer. Empty when answers are missing.",
        ),
        sa.Column(
            "rank",
            sa.SmallInteger(),
            sa.Computed("coalesce(value, 10001)", persisted=True),
            nullable=False,
            comment="The place in an order by score.",
        ),
        sa.Column(
            "band",
            sa.Text(),
            sa.Computed(
                "case when value is null then 'UNSCORED' when value <= 1617 then 'A' when value <= 3200 then 'B' when value <= 3700 then 'C' when value <= 4500 then 'D' else 'E' end",
                persisted=False,
            ),
            nullable=False,
            comment="The band of the score, A (poorest) to E, or UNSCORED.",
        ),
        sa.Column("scored_at", sa.DateTime(timezone=True), nullable=False, comment="When the score was computed."),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_score_household_id")),
        sa.ForeignKeyConstraint(["scorecard_id"], ["scorecard.id"], name=op.f("fk_score_scorecard_id")),
        sa.PrimaryKeyConstraint("household_id", name=op.f("pk_score")),
    )
    op.create_index(
        "expression_score_band",
        "score",
        [
            sa.literal_column(
                "(case when value is null then 'UNSCORED' when value <= 1617 then 'A' when value <= 3200 then 'B' when value <= 3700 then 'C' when value <= 4500 then 'D' else 'E' end)"
            ),
            "household_id",
        ],
        unique=False,
    )
    op.create_index("ix_score_district_rank", "score", ["district_id", "rank", "household_id"], unique=False)
    op.create_index(op.f("ix_score_rank_household_id"), "score", ["rank", "household_id"], unique=False)
    op.create_table(
        "survey",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("surveyed_on", sa.Date(), nullable=False),
        sa.Column(
            "source",
            sa.Enum("DOOR_TO_DOOR", "DESK", name="survey_source", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("enumerator", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_survey_household_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
    )
    op.create_index(op.f("ix_survey_household_id_received_at"), "survey", ["household_id", "received_at"], unique=False)
    op.create_table(
        "determination",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("rules_id", sa.Integer(), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "ELIGIBLE",
                "NOT_ELIGIBLE",
                "UNKNOWN",
                name="decision",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="The answer of the rules.",
        ),
        sa.Column(
            "reasons",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="The code of each criterion that is not met or not known; empty when all are met.",
        ),
        sa.Column(
            "determined_at", sa.DateTime(timezone=True), nullable=False, comment="When the rules were evaluated."
        ),
        sa.Column("data_as_of", sa.Date(), nullable=False, comment="The date of the survey that the rules read."),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("holds_until", sa.Date(), nullable=False),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("holds_from < holds_until", name=op.f("ck_determination_holds")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_determination_household_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_determination")),
    )
    op.create_index(
        "ix_determination_cohort",
        "determination",
        ["programme_id", "person_id"],
        unique=False,
        postgresql_where=sa.text("decision = 'ELIGIBLE' and person_id is not null"),
        postgresql_include=["holds_from", "holds_until"],
    )
    op.create_index(
        "ix_determination_cohort_household",
        "determination",
        ["programme_id", "household_id"],
        unique=False,
        postgresql_where=sa.text("decision = 'ELIGIBLE' and person_id is not null"),
        postgresql_include=["person_id", "holds_from", "holds_until"],
    )
    op.create_index(
        op.f("ix_determination_household_id_programme_id"),
        "determination",
        ["household_id", "programme_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_determination_person_id_programme_id_holds_from"),
        "determination",
        ["person_id", "programme_id", "holds_from"],
        unique=True,
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("household_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "ACTIVE",
                "SUSPENDED",
                "GRADUATED",
                "ENDED",
                name="enrolment_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
            comment="Where the enrolment stands.",
        ),
        sa.Column("since", sa.Date(), nullable=False, comment="The first day of the enrolment."),
        sa.Column("until", sa.Date(), nullable=True, comment="The last day, once it has ended or graduated."),
        sa.Column("source", sa.Text(), nullable=False, comment="Who stated it."),
        sa.Column("province_id", sa.Integer(), nullable=False),
        sa.Column("district_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(status in ('ACTIVE', 'SUSPENDED')) = (until is null)", name=op.f("ck_enrolment_ended")),
        sa.CheckConstraint("until is null or since <= until", name=op.f("ck_enrolment_period")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_enrolment_household_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_enrolment_person_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_enrolment_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
    )
    op.create_index(
        op.f("ix_enrolment_household_id_programme_id"), "enrolment", ["household_id", "programme_id"], unique=False
    )
    op.create_index(
        op.f("ix_enrolment_person_id_programme_id"), "enrolment", ["person_id", "programme_id"], unique=False
    )
    op.create_index(
        "uq_enrolment_running",
        "enrolment",
        ["person_id", "programme_id"],
        unique=True,
        postgresql_where=sa.text("until is null"),
    )
    op.create_table(
        "exclusion_hit",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("filter", sa.Text(), nullable=False),
        sa.Column("filter_version", sa.Text(), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("evidence_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.CheckConstraint("status in ('APPLIED', 'OVERTURNED')", name=op.f("ck_exclusion_hit_status")),
        sa.CheckConstraint("via in ('SELF', 'SPOUSE')", name=op.f("ck_exclusion_hit_via")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_exclusion_hit_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusion_hit")),
        sa.UniqueConstraint(
            "person_id",
            "filter",
            "filter_version",
            "via",
            name=op.f("uq_exclusion_hit_person_id_filter_filter_version_via"),
        ),
    )
    op.create_table(
        "survey_finding",
        sa.Column("id", sa.Integer(), sa.Identity(always=False), nullable=False),
        sa.Column("survey_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.Integer(), nullable=True),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.CheckConstraint("severity in ('WARNING', 'INFORMATION')", name=op.f("ck_survey_finding_severity")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_finding_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_finding")),
    )
    op.create_index(op.f("ix_survey_finding_code"), "survey_finding", ["code"], unique=False)
    op.create_index(op.f("ix_survey_finding_survey_id"), "survey_finding", ["survey_id"], unique=False)
    op.create_foreign_key(
        "fk_household_id_score", "household", "score", ["id"], ["household_id"], deferrable=True, initially="DEFERRED"
    )
    op.execute(COMPLETED_MONTHS)
    op.execute(PERSON_AGE)
    op.execute(PROGRAMME_IDS)
    op.execute(REGION_IDS)
    op.execute(DISTRICT_IDS)
    op.execute(IN_PAKISTAN)


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.execute("drop function district_ids(text[])")
    op.execute("drop function region_ids(text[])")
    op.execute("drop function programme_ids(text[])")
    op.execute("drop view person_age")
    op.execute("drop function completed_months(date, date)")
    op.drop_constraint("fk_household_id_score", "household")
    op.drop_index(op.f("ix_survey_finding_survey_id"), table_name="survey_finding")
    op.drop_index(op.f("ix_survey_finding_code"), table_name="survey_finding")
    op.drop_table("survey_finding")
    op.drop_table("exclusion_hit")
    op.drop_index("uq_enrolment_running", table_name="enrolment", postgresql_where=sa.text("until is null"))
    op.drop_index(op.f("ix_enrolment_person_id_programme_id"), table_name="enrolment")
    op.drop_index(op.f("ix_enrolment_household_id_programme_id"), table_name="enrolment")
    op.drop_table("enrolment")
    op.drop_index(op.f("ix_determination_person_id_programme_id_holds_from"), table_name="determination")
    op.drop_index(op.f("ix_determination_household_id_programme_id"), table_name="determination")
    op.drop_index(
        "ix_determination_cohort_household",
        table_name="determination",
        postgresql_where=sa.text("decision = 'ELIGIBLE' and person_id is not null"),
        postgresql_include=["person_id", "holds_from", "holds_until"],
    )
    op.drop_index(
        "ix_determination_cohort",
        table_name="determination",
        postgresql_where=sa.text("decision = 'ELIGIBLE' and person_id is not null"),
        postgresql_include=["holds_from", "holds_until"],
    )
    op.drop_table("determination")
    op.drop_index(op.f("ix_survey_household_id_received_at"), table_name="survey")
    op.drop_table("survey")
    op.drop_index(op.f("ix_score_rank_household_id"), table_name="score")
    op.drop_index("ix_score_district_rank", table_name="score")
    op.drop_index("expression_score_band", table_name="score")
    op.drop_table("score")
    op.drop_index("ix_person_pregnant", table_name="person", postgresql_where=sa.text("is_pregnant"))
    op.drop_index(op.f("ix_person_household_id_line_no"), table_name="person")
    op.drop_index(op.f("ix_person_district_id_id"), table_name="person")
    op.drop_index(op.f("ix_person_birth_date_id"), table_name="person")
    op.drop_table("person")
    op.drop_table("client")
    op.drop_table("programme_rules")
    op.drop_table("programme_conflict")
    op.drop_index(op.f("ix_household_surveyed_on_id"), table_name="household")
    op.drop_index(op.f("ix_household_registered_on_id"), table_name="household")
    op.drop_index(op.f("ix_household_region_id_id"), table_name="household")
    op.drop_index(op.f("ix_household_district_id_id"), table_name="household")
    op.drop_table("household")
    op.drop_table("data_sharing_agreement")
    op.drop_index(op.f("ix_used_assertion_expires_at"), table_name="used_assertion")
    op.drop_table("used_assertion")
    op.drop_table("signing_key")
    op.drop_table("scorecard")
    op.drop_index(op.f("ix_region_province_id"), table_name="region")
    op.drop_index(op.f("ix_region_parent_id"), table_name="region")
    op.drop_index(op.f("ix_region_district_id"), table_name="region")
    op.drop_table("region")
    op.drop_table("programme")

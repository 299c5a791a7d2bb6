SELECT row_to_json((
  SELECT o$
  FROM (
    SELECT household_1.id AS id, (
      SELECT o$
      FROM (
        SELECT region_1.code AS code, region_1.name AS name
        FROM region AS region_1
        WHERE region_1.id = household_1.region_id
      ) AS o$
    ) AS region, household_1.address AS address, household_1.mobile AS mobile, household_1.size AS size, household_1.source AS source, household_1.surveyed_on AS "surveyedOn", household_1.monthly_income AS "monthlyIncome", (
      SELECT o$
      FROM (
        SELECT household_1.rooms AS "rooms", household_1.toilet AS "toilet"
      ) AS o$
    ) AS housing, (
      SELECT o$
      FROM (
        SELECT household_1.motorcycle AS "motorcycle", household_1.large_livestock AS "largeLivestock"
      ) AS o$
    ) AS assets, (
      SELECT o$
      FROM (
        SELECT score_1.band AS "band"
      ) AS o$
    ) AS score, (
      SELECT coalesce(json_agg(o$), '[]'::json) AS coalesce_1
      FROM (
        SELECT person_1.name AS name, person_1.relation_to_head AS "relationToHead", person_1.marital_status AS "maritalStatus", (
          SELECT o$
          FROM (
            SELECT person_1.verification_status AS "status", person_1.verification_mismatches AS "mismatches"
          ) AS o$
        ) AS verification
        FROM person AS person_1
        WHERE person_1.district_id = any($1::INTEGER[])
          AND person_1.household_id = household_1.id
          AND person_1.sex = $2::VARCHAR
        ORDER BY person_1.line_no ASC, person_1.id ASC
      ) AS o$
    ) AS members, (
      SELECT coalesce(json_agg(o$), '[]'::json) AS coalesce_2
      FROM (
        SELECT (
          SELECT o$
          FROM (
            SELECT programme_1.code AS code
            FROM programme AS programme_1
            WHERE programme_1.id = determination_1.programme_id
          ) AS o$
        ) AS programme, determination_1.decision AS decision, determination_1.reasons AS reasons, programme_rules_1.version AS "rulesVersion", determination_1.determined_at AS "determinedAt", determination_1.data_as_of AS "dataAsOf"
        FROM determination AS determination_1
        JOIN programme_rules AS programme_rules_1 ON determination_1.rules_id = programme_rules_1.id
        WHERE determination_1.district_id = any($1::INTEGER[])
          AND determination_1.holds_from <= CURRENT_DATE
          AND determination_1.holds_until > CURRENT_DATE
          AND determination_1.household_id = household_1.id
          AND determination_1.person_id IS NULL
        ORDER BY determination_1.programme_id ASC, determination_1.id ASC
      ) AS o$
    ) AS determinations
    FROM household AS household_1
    JOIN score AS score_1 ON household_1.id = score_1.household_id
    WHERE household_1.district_id = any($1::INTEGER[])
      AND household_1.id = $3::UUID
  ) AS o$
)) AS r0
WHERE EXISTS (
  SELECT 1
  FROM client
  JOIN data_sharing_agreement ON client.agreement_id = data_sharing_agreement.id
  WHERE client.id = $4::VARCHAR
    AND client.revision = $5::INTEGER
    AND client.disabled_at IS NULL
    AND data_sharing_agreement.revision = $6::INTEGER
    AND data_sharing_agreement.status = $7
    AND CURRENT_DATE BETWEEN data_sharing_agreement.valid_from AND data_sharing_agreement.valid_until
)

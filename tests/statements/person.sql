WITH known_0 AS (
  SELECT programme_ids($2::TEXT[]) AS ids
)
SELECT row_to_json((
  SELECT o$
  FROM (
    SELECT person_1.id AS id, person_1.name AS name, person_1.cnic AS cnic, person_1.sex AS sex, person_1.relation_to_head AS "relationToHead", (
      SELECT o$
      FROM (
        SELECT (
          SELECT o$
          FROM (
            SELECT region_1.code AS code
            FROM region AS region_1
            WHERE region_1.id = household_1.region_id
          ) AS o$
        ) AS region, household_1.size AS size
        FROM household AS household_1
        WHERE household_1.province_id = any($1::INTEGER[])
          AND household_1.id = person_1.household_id
      ) AS o$
    ) AS household, (
      SELECT coalesce(json_agg(o$), '[]'::json) AS coalesce_1
      FROM (
        SELECT determination_1.decision AS decision, determination_1.reasons AS reasons
        FROM determination AS determination_1
        WHERE determination_1.province_id = any($1::INTEGER[])
          AND determination_1.holds_from <= CURRENT_DATE
          AND determination_1.holds_until > CURRENT_DATE
          AND determination_1.person_id = person_1.id
          AND determination_1.programme_id = any(CAST((
          SELECT known_0.ids
          FROM known_0
        ) AS INTEGER[]))
        ORDER BY determination_1.programme_id ASC, determination_1.id ASC
      ) AS o$
    ) AS determinations, (
      SELECT coalesce(json_agg(o$), '[]'::json) AS coalesce_2
      FROM (
        SELECT (
          SELECT o$
          FROM (
            SELECT programme_1.code AS code
            FROM programme AS programme_1
            WHERE programme_1.id = enrolment_1.programme_id
          ) AS o$
        ) AS programme, enrolment_1.status AS status, enrolment_1.since AS since, enrolment_1.until AS until
        FROM enrolment AS enrolment_1
        WHERE enrolment_1.province_id = any($1::INTEGER[])
          AND enrolment_1.person_id = person_1.id
        ORDER BY enrolment_1.since ASC, enrolment_1.id ASC
      ) AS o$
    ) AS enrolments
    FROM person AS person_1
    WHERE person_1.province_id = any($1::INTEGER[])
      AND (person_1.cnic = $3::VARCHAR OR person_1.bform_no = $3::VARCHAR)
  ) AS o$
)) AS r0
WHERE (EXISTS (
  SELECT 1
  FROM client
  JOIN data_sharing_agreement ON client.agreement_id = data_sharing_agreement.id
  WHERE client.id = $4::VARCHAR
    AND client.revision = $5::INTEGER
    AND client.disabled_at IS NULL
    AND data_sharing_agreement.revision = $6::INTEGER
    AND data_sharing_agreement.status = $7
    AND CURRENT_DATE BETWEEN data_sharing_agreement.valid_from AND data_sharing_agreement.valid_until
))
  AND (
  SELECT known_0.ids
  FROM known_0
) IS NOT NULL

WITH known_0 AS (
  SELECT programme_ids($3::TEXT[]) AS ids
)
SELECT (
  SELECT coalesce(json_agg(o$), '[]'::json) AS coalesce_1
  FROM (
    SELECT i.asked AS cnic, CASE WHEN (i.number IS NULL) THEN 'INVALID'::text WHEN (hit.people IS NULL) THEN 'NO_VISIBLE_RECORD'::text ELSE 'VISIBLE'::text END AS status, (
      SELECT coalesce(json_agg(o$), '[]'::json) AS coalesce_2
      FROM (
        SELECT (
          SELECT o$
          FROM (
            SELECT programme_1.code AS code
            FROM programme AS programme_1
            WHERE programme_1.id = enrolment_1.programme_id
          ) AS o$
        ) AS programme, enrolment_1.status AS status, enrolment_1.since AS since
        FROM enrolment AS enrolment_1
        WHERE enrolment_1.province_id = any($1::INTEGER[])
          AND enrolment_1.person_id = any(hit.people)
        ORDER BY enrolment_1.since, enrolment_1.id
      ) AS o$
    ) AS "personEnrolments", (
      SELECT coalesce(json_agg(o$), '[]'::json) AS coalesce_3
      FROM (
        SELECT (
          SELECT o$
          FROM (
            SELECT programme_2.code AS code
            FROM programme AS programme_2
            WHERE programme_2.id = enrolment_2.programme_id
          ) AS o$
        ) AS programme, enrolment_2.status AS status
        FROM enrolment AS enrolment_2
        WHERE enrolment_2.province_id = any($1::INTEGER[])
          AND enrolment_2.household_id = any(hit.households)
          AND enrolment_2.person_id != all(hit.people)
        ORDER BY enrolment_2.since, enrolment_2.id
      ) AS o$
    ) AS "householdEnrolments", (
      SELECT coalesce(json_agg(o$), '[]'::json) AS coalesce_4
      FROM (
        SELECT (
          SELECT o$
          FROM (
            SELECT programme_3.code AS "code"
          ) AS o$
        ) AS programme, (
          SELECT o$
          FROM (
            SELECT programme_4.code AS "code"
          ) AS o$
        ) AS "becauseOf", CASE WHEN (enrolment_3.person_id = any(hit.people)) THEN 'PERSON'::text ELSE 'HOUSEHOLD'::text END AS level, programme_conflict_1.rule AS rule
        FROM enrolment AS enrolment_3, programme AS programme_3, programme AS programme_4, programme_conflict AS programme_conflict_1
        WHERE enrolment_3.province_id = any($1::INTEGER[])
          AND programme_4.id = enrolment_3.programme_id
          AND (programme_conflict_1.programme_id = programme_3.id AND programme_conflict_1.excludes_id = programme_4.id OR programme_conflict_1.excludes_id = programme_3.id AND programme_conflict_1.programme_id = programme_4.id)
          AND enrolment_3.until IS NULL
          AND programme_conflict_1.valid_from <= CURRENT_DATE
          AND (programme_conflict_1.valid_until IS NULL OR programme_conflict_1.valid_until >= CURRENT_DATE)
          AND (enrolment_3.person_id = any(hit.people) OR programme_conflict_1.level = $2::VARCHAR AND enrolment_3.household_id = any(hit.households) AND enrolment_3.person_id != all(hit.people))
          AND programme_3.id = any(CAST((
          SELECT known_0.ids
          FROM known_0
        ) AS INTEGER[]))
        ORDER BY programme_3.code, programme_4.code, programme_conflict_1.id, enrolment_3.id
      ) AS o$
    ) AS conflicts
    FROM unnest($4::TEXT[], $5::TEXT[]) WITH ORDINALITY AS i(asked, number, position)
    LEFT OUTER JOIN LATERAL (
      SELECT array_agg(bearer.id) AS people, array_agg(bearer.household_id) AS households
      FROM (
        SELECT person_1.id AS id, person_1.household_id AS household_id
        FROM person AS person_1
        WHERE person_1.cnic = i.number
          AND person_1.province_id = any($1::INTEGER[])
        UNION
        SELECT person_2.id AS id, person_2.household_id AS household_id
        FROM person AS person_2
        WHERE person_2.bform_no = i.number
          AND person_2.province_id = any($1::INTEGER[])
      ) AS bearer
    ) AS hit ON true
    ORDER BY i.position
  ) AS o$
) AS r0
WHERE (EXISTS (
  SELECT 1
  FROM client
  JOIN data_sharing_agreement ON client.agreement_id = data_sharing_agreement.id
  WHERE client.id = $6::VARCHAR
    AND client.revision = $7::INTEGER
    AND client.disabled_at IS NULL
    AND data_sharing_agreement.revision = $8::INTEGER
    AND data_sharing_agreement.status = $9
    AND CURRENT_DATE BETWEEN data_sharing_agreement.valid_from AND data_sharing_agreement.valid_until
))
  AND (
  SELECT known_0.ids
  FROM known_0
) IS NOT NULL

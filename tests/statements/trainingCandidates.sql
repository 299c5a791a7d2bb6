WITH known_0 AS (
  SELECT programme_ids(CAST(array['HUNARMAND'] AS TEXT[])) AS ids
)
SELECT (
  WITH page_0 AS (
    SELECT k.c0 AS c0, k.c1 AS c1, k.c2 AS c2, k.c3 AS c3, k.c4 AS c4, k.c5 AS c5, k.c6 AS c6, row_number() OVER () AS position
    FROM (
      SELECT person_1.name AS c0, person_1.sex AS c1, person_1.education_level AS c2, person_1.employment_status AS c3, person_1.occupation AS c4, person_1.id AS c5, person_1.id AS c6
      FROM person AS person_1
      JOIN household AS household_1 ON person_1.household_id = household_1.id
      JOIN score AS score_1 ON household_1.id = score_1.household_id
      WHERE (EXISTS (
        SELECT 1
        FROM determination AS determination_1
        WHERE determination_1.person_id = person_1.id
          AND determination_1.programme_id = $1::INTEGER
          AND determination_1.decision = 'ELIGIBLE'
          AND determination_1.person_id IS NOT NULL
          AND determination_1.holds_from <= CURRENT_DATE
          AND determination_1.holds_until > CURRENT_DATE
      ))
        AND (EXISTS (
        SELECT 1
        FROM determination AS determination_2
        WHERE determination_2.person_id = person_1.id
          AND determination_2.programme_id = any(CAST((
          SELECT known_0.ids
          FROM known_0
        ) AS INTEGER[]))
          AND determination_2.decision = 'ELIGIBLE'
          AND determination_2.person_id IS NOT NULL
          AND determination_2.holds_from <= CURRENT_DATE
          AND determination_2.holds_until > CURRENT_DATE
      ))
        AND score_1.band = any($2::TEXT[])
      ORDER BY person_1.id ASC
      LIMIT $3::INTEGER + $4::INTEGER
    ) AS k
  )
  SELECT row_to_json((
    SELECT o$
    FROM (
      SELECT (
        SELECT count(*) AS count_1
        FROM person AS person_1
        JOIN household AS household_1 ON person_1.household_id = household_1.id
        JOIN score AS score_1 ON household_1.id = score_1.household_id
        WHERE (EXISTS (
          SELECT 1
          FROM determination AS determination_3
          WHERE determination_3.person_id = person_1.id
            AND determination_3.programme_id = $1::INTEGER
            AND determination_3.decision = 'ELIGIBLE'
            AND determination_3.person_id IS NOT NULL
            AND determination_3.holds_from <= CURRENT_DATE
            AND determination_3.holds_until > CURRENT_DATE
        ))
          AND (EXISTS (
          SELECT 1
          FROM determination AS determination_2
          WHERE determination_2.person_id = person_1.id
            AND determination_2.programme_id = any(CAST((
            SELECT known_0.ids
            FROM known_0
          ) AS INTEGER[]))
            AND determination_2.decision = 'ELIGIBLE'
            AND determination_2.person_id IS NOT NULL
            AND determination_2.holds_from <= CURRENT_DATE
            AND determination_2.holds_until > CURRENT_DATE
        ))
          AND score_1.band = any($2::TEXT[])
      ) AS "totalCount", (
        SELECT coalesce(json_agg(o$), '[]'::json) AS coalesce_1
        FROM (
          SELECT (
            SELECT o$
            FROM (
              SELECT page_0.c0 AS "name", page_0.c1 AS "sex", (
                SELECT o$
                FROM (
                  SELECT page_0.c2 AS "level"
                ) AS o$
              ) AS "education", (
                SELECT o$
                FROM (
                  SELECT page_0.c3 AS "status", page_0.c4 AS "occupation"
                ) AS o$
              ) AS "employment", (
                SELECT coalesce(json_agg(o$), '[]'::json) AS coalesce_2
                FROM (
                  SELECT (
                    SELECT o$
                    FROM (
                      SELECT programme_1.code AS code
                      FROM programme AS programme_1
                      WHERE programme_1.id = enrolment_1.programme_id
                    ) AS o$
                  ) AS programme
                  FROM enrolment AS enrolment_1
                  WHERE enrolment_1.person_id = page_0.c5
                  ORDER BY enrolment_1.since ASC, enrolment_1.id ASC
                ) AS o$
              ) AS "enrolments"
            ) AS o$
          ) AS node
          FROM page_0
          WHERE page_0.position <= $3::INTEGER
          ORDER BY page_0.position
        ) AS o$
      ) AS "edges", (
        SELECT o$
        FROM (
          SELECT (
            SELECT count(*) > $3::INTEGER AS anon_1
            FROM page_0
          ) AS "hasNextPage"
        ) AS o$
      ) AS "pageInfo"
    ) AS o$
  )) AS row_to_json_1
) AS r0
WHERE (EXISTS (
  SELECT 1
  FROM client
  JOIN data_sharing_agreement ON client.agreement_id = data_sharing_agreement.id
  WHERE client.id = $5::VARCHAR
    AND client.revision = $6::INTEGER
    AND client.disabled_at IS NULL
    AND data_sharing_agreement.revision = $7::INTEGER
    AND data_sharing_agreement.status = $8
    AND CURRENT_DATE BETWEEN data_sharing_agreement.valid_from AND data_sharing_agreement.valid_until
))
  AND (
  SELECT known_0.ids
  FROM known_0
) IS NOT NULL

SELECT (
  WITH page_0 AS (
    SELECT k.c0 AS c0, k.c1 AS c1, k.c2 AS c2, k.c3 AS c3, k.c4 AS c4, k.c5 AS c5, k.c6 AS c6, row_number() OVER () AS position
    FROM (
      SELECT score_1.band AS c0, household_1.registered_on AS c1, household_1.id AS c2, household_1.id AS c3, household_1.size AS c4, household_1.registered_on AS c5, score_1.band AS c6
      FROM household AS household_1
      JOIN score AS score_1 ON household_1.id = score_1.household_id
      WHERE (EXISTS (
        SELECT 1
        FROM determination AS determination_1
        WHERE determination_1.household_id = household_1.id
          AND determination_1.programme_id = $1::INTEGER
          AND determination_1.decision = 'ELIGIBLE'
          AND determination_1.person_id IS NOT NULL
          AND determination_1.holds_from <= CURRENT_DATE
          AND determination_1.holds_until > CURRENT_DATE
      ))
        AND score_1.band = any($2::TEXT[])
        AND (EXISTS (
        SELECT 1
        FROM person AS person_1
        WHERE person_1.household_id = household_1.id
          AND (EXISTS (
          SELECT 1
          FROM determination AS determination_2
          WHERE determination_2.person_id = person_1.id
            AND determination_2.programme_id = $1::INTEGER
            AND determination_2.decision = 'ELIGIBLE'
            AND determination_2.person_id IS NOT NULL
            AND determination_2.holds_from <= CURRENT_DATE
            AND determination_2.holds_until > CURRENT_DATE
        ))
          AND person_1.is_pregnant = $3::BOOLEAN
      ))
      ORDER BY score_1.band ASC, household_1.registered_on DESC, household_1.id DESC
      LIMIT $4::INTEGER + $5::INTEGER
    ) AS k
  )
  SELECT row_to_json((
    SELECT o$
    FROM (
      SELECT (
        SELECT count(*) AS count_1
        FROM household AS household_1
        JOIN score AS score_1 ON household_1.id = score_1.household_id
        WHERE (EXISTS (
          SELECT 1
          FROM determination AS determination_3
          WHERE determination_3.household_id = household_1.id
            AND determination_3.programme_id = $1::INTEGER
            AND determination_3.decision = 'ELIGIBLE'
            AND determination_3.person_id IS NOT NULL
            AND determination_3.holds_from <= CURRENT_DATE
            AND determination_3.holds_until > CURRENT_DATE
        ))
          AND score_1.band = any($2::TEXT[])
          AND (EXISTS (
          SELECT 1
          FROM person AS person_1
          WHERE person_1.household_id = household_1.id
            AND (EXISTS (
            SELECT 1
            FROM determination AS determination_2
            WHERE determination_2.person_id = person_1.id
              AND determination_2.programme_id = $1::INTEGER
              AND determination_2.decision = 'ELIGIBLE'
              AND determination_2.person_id IS NOT NULL
              AND determination_2.holds_from <= CURRENT_DATE
              AND determination_2.holds_until > CURRENT_DATE
          ))
            AND person_1.is_pregnant = $3::BOOLEAN
        ))
      ) AS "totalCount", (
        SELECT coalesce(json_agg(o$), '[]'::json) AS coalesce_1
        FROM (
          SELECT $6::VARCHAR || encode(convert_to(CAST(json_build_array(page_0.c0, page_0.c1, page_0.c2) AS TEXT), $7::VARCHAR), $8::VARCHAR) AS cursor, (
            SELECT o$
            FROM (
              SELECT page_0.c3 AS "id", page_0.c4 AS "size", page_0.c5 AS "registeredOn", (
                SELECT o$
                FROM (
                  SELECT page_0.c6 AS "band"
                ) AS o$
              ) AS "score", (
                SELECT coalesce(json_agg(o$), '[]'::json) AS coalesce_2
                FROM (
                  SELECT person_2.name AS name, person_2.is_pregnant AS "isPregnant"
                  FROM person AS person_2
                  WHERE (EXISTS (
                    SELECT 1
                    FROM determination AS determination_4
                    WHERE determination_4.person_id = person_2.id
                      AND determination_4.programme_id = $1::INTEGER
                      AND determination_4.decision = 'ELIGIBLE'
                      AND determination_4.person_id IS NOT NULL
                      AND determination_4.holds_from <= CURRENT_DATE
                      AND determination_4.holds_until > CURRENT_DATE
                  ))
                    AND person_2.household_id = page_0.c3
                  ORDER BY person_2.line_no ASC, person_2.id ASC
                ) AS o$
              ) AS "members", (
                SELECT coalesce(json_agg(o$), '[]'::json) AS coalesce_3
                FROM (
                  SELECT enrolment_1.status AS status, enrolment_1.since AS since
                  FROM enrolment AS enrolment_1
                  WHERE (EXISTS (
                    SELECT 1
                    FROM determination AS determination_5
                    WHERE determination_5.person_id = enrolment_1.person_id
                      AND determination_5.programme_id = $1::INTEGER
                      AND determination_5.decision = 'ELIGIBLE'
                      AND determination_5.person_id IS NOT NULL
                      AND determination_5.holds_from <= CURRENT_DATE
                      AND determination_5.holds_until > CURRENT_DATE
                  ))
                    AND enrolment_1.household_id = page_0.c3
                  ORDER BY enrolment_1.since ASC, enrolment_1.id ASC
                ) AS o$
              ) AS "enrolments"
            ) AS o$
          ) AS node
          FROM page_0
          WHERE page_0.position <= $4::INTEGER
          ORDER BY page_0.position
        ) AS o$
      ) AS "edges", (
        SELECT o$
        FROM (
          SELECT (
            SELECT count(*) > $4::INTEGER AS anon_1
            FROM page_0
          ) AS "hasNextPage", (
            SELECT $9::VARCHAR || encode(convert_to(CAST(json_build_array(page_0.c0, page_0.c1, page_0.c2) AS TEXT), $10::VARCHAR), $11::VARCHAR) AS anon_2
            FROM page_0
            WHERE page_0.position <= $4::INTEGER
            ORDER BY page_0.position DESC
            LIMIT $12::INTEGER
          ) AS "endCursor"
        ) AS o$
      ) AS "pageInfo"
    ) AS o$
  )) AS row_to_json_1
) AS r0
WHERE EXISTS (
  SELECT 1
  FROM client
  JOIN data_sharing_agreement ON client.agreement_id = data_sharing_agreement.id
  WHERE client.id = $13::VARCHAR
    AND client.revision = $14::INTEGER
    AND client.disabled_at IS NULL
    AND data_sharing_agreement.revision = $15::INTEGER
    AND data_sharing_agreement.status = $16
    AND CURRENT_DATE BETWEEN data_sharing_agreement.valid_from AND data_sharing_agreement.valid_until
)

SELECT (
  WITH page_0 AS (
    SELECT k.c0 AS c0, k.c1 AS c1, k.c2 AS c2, k.c3 AS c3, row_number() OVER () AS position
    FROM (
      SELECT person_1.name AS c0, person_1.bform_no AS c1, person_1.birth_date AS c2, person_1.household_id AS c3
      FROM person AS person_1
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
        AND person_1.birth_date > CURRENT_DATE - interval '2 years'
        AND person_1.birth_date >= (CURRENT_DATE + 1) - interval '2 years'
      ORDER BY person_1.birth_date DESC, person_1.id DESC
      LIMIT $2::INTEGER + $3::INTEGER
    ) AS k
  )
  SELECT row_to_json((
    SELECT o$
    FROM (
      SELECT (
        SELECT count(*) AS count_1
        FROM person AS person_1
        WHERE (EXISTS (
          SELECT 1
          FROM determination AS determination_2
          WHERE determination_2.person_id = person_1.id
            AND determination_2.programme_id = $1::INTEGER
            AND determination_2.decision = 'ELIGIBLE'
            AND determination_2.person_id IS NOT NULL
            AND determination_2.holds_from <= CURRENT_DATE
            AND determination_2.holds_until > CURRENT_DATE
        ))
          AND person_1.birth_date > CURRENT_DATE - interval '2 years'
          AND person_1.birth_date >= (CURRENT_DATE + 1) - interval '2 years'
      ) AS "totalCount", (
        SELECT coalesce(json_agg(o$), '[]'::json) AS coalesce_1
        FROM (
          SELECT (
            SELECT o$
            FROM (
              SELECT page_0.c0 AS "name", page_0.c1 AS "bformNo", page_0.c2 AS "birthDate", (
                SELECT o$
                FROM (
                  SELECT (
                    SELECT coalesce(json_agg(o$), '[]'::json) AS coalesce_2
                    FROM (
                      SELECT person_2.name AS name, person_2.relation_to_head AS "relationToHead"
                      FROM person AS person_2
                      WHERE (EXISTS (
                        SELECT 1
                        FROM determination AS determination_3
                        WHERE determination_3.person_id = person_2.id
                          AND determination_3.programme_id = $1::INTEGER
                          AND determination_3.decision = 'ELIGIBLE'
                          AND determination_3.person_id IS NOT NULL
                          AND determination_3.holds_from <= CURRENT_DATE
                          AND determination_3.holds_until > CURRENT_DATE
                      ))
                        AND person_2.household_id = household_1.id
                      ORDER BY person_2.line_no ASC, person_2.id ASC
                    ) AS o$
                  ) AS members
                  FROM household AS household_1
                  WHERE household_1.id = page_0.c3
                ) AS o$
              ) AS "household"
            ) AS o$
          ) AS node
          FROM page_0
          WHERE page_0.position <= $2::INTEGER
          ORDER BY page_0.position
        ) AS o$
      ) AS "edges"
    ) AS o$
  )) AS row_to_json_1
) AS r0
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

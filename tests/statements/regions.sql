WITH known_0 AS (
  SELECT region_ids($2::TEXT[]) AS ids
)
SELECT (
  WITH page_0 AS (
    SELECT k.c0 AS c0, k.c1 AS c1, k.c2 AS c2, k.c3 AS c3, k.c4 AS c4, k.c5 AS c5, k.c6 AS c6, row_number() OVER () AS position
    FROM (
      SELECT region_1.level AS c0, region_1.code AS c1, region_1.id AS c2, region_1.code AS c3, region_1.name AS c4, region_1.level AS c5, region_1.parent_id AS c6
      FROM region AS region_1
      WHERE region_1.level >= $1::INTEGER
        AND region_1.id = any(CAST((
        SELECT known_0.ids
        FROM known_0
      ) AS INTEGER[]))
      ORDER BY region_1.level DESC, region_1.code ASC, region_1.id ASC
      LIMIT $3::INTEGER + $4::INTEGER
    ) AS k
  )
  SELECT row_to_json((
    SELECT o$
    FROM (
      SELECT (
        SELECT count(*) AS count_1
        FROM region AS region_1
        WHERE region_1.level >= $1::INTEGER
          AND region_1.id = any(CAST((
          SELECT known_0.ids
          FROM known_0
        ) AS INTEGER[]))
      ) AS "totalCount", (
        SELECT coalesce(json_agg(o$), '[]'::json) AS coalesce_1
        FROM (
          SELECT $5::VARCHAR || encode(convert_to(CAST(json_build_array(page_0.c0, page_0.c1, page_0.c2) AS TEXT), $6::VARCHAR), $7::VARCHAR) AS cursor, (
            SELECT o$
            FROM (
              SELECT page_0.c3 AS "code", page_0.c4 AS "name", page_0.c5 AS "level", (
                SELECT o$
                FROM (
                  SELECT region_2.code AS code, (
                    SELECT o$
                    FROM (
                      SELECT region_3.name AS name
                      FROM region AS region_3
                      WHERE region_3.id = region_2.parent_id
                    ) AS o$
                  ) AS parent
                  FROM region AS region_2
                  WHERE region_2.id = page_0.c6
                ) AS o$
              ) AS "parent"
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
          ) AS "hasNextPage", false AS "hasPreviousPage", (
            SELECT $8::VARCHAR || encode(convert_to(CAST(json_build_array(page_0.c0, page_0.c1, page_0.c2) AS TEXT), $9::VARCHAR), $10::VARCHAR) AS anon_2
            FROM page_0
            WHERE page_0.position <= $3::INTEGER
            ORDER BY page_0.position
            LIMIT $11::INTEGER
          ) AS "startCursor", (
            SELECT $12::VARCHAR || encode(convert_to(CAST(json_build_array(page_0.c0, page_0.c1, page_0.c2) AS TEXT), $13::VARCHAR), $14::VARCHAR) AS anon_3
            FROM page_0
            WHERE page_0.position <= $3::INTEGER
            ORDER BY page_0.position DESC
            LIMIT $15::INTEGER
          ) AS "endCursor"
        ) AS o$
      ) AS "pageInfo"
    ) AS o$
  )) AS row_to_json_1
) AS r0
WHERE (EXISTS (
  SELECT 1
  FROM client
  JOIN data_sharing_agreement ON client.agreement_id = data_sharing_agreement.id
  WHERE client.id = $16::VARCHAR
    AND client.revision = $17::INTEGER
    AND client.disabled_at IS NULL
    AND data_sharing_agreement.revision = $18::INTEGER
    AND data_sharing_agreement.status = $19
    AND CURRENT_DATE BETWEEN data_sharing_agreement.valid_from AND data_sharing_agreement.valid_until
))
  AND (
  SELECT known_0.ids
  FROM known_0
) IS NOT NULL

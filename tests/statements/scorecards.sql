SELECT (
  SELECT coalesce(json_agg(o$), '[]'::json) AS coalesce_1
  FROM (
    SELECT scorecard_1.code AS code, scorecard_1.version AS version, scorecard_1.title AS title, scorecard_1.source AS source, scorecard_1.is_demonstration AS "isDemonstration", scorecard_1.valid_from AS "validFrom", scorecard_1.valid_until AS "validUntil"
    FROM scorecard AS scorecard_1
    ORDER BY scorecard_1.code, scorecard_1.valid_from, scorecard_1.id
  ) AS o$
) AS r0
WHERE EXISTS (
  SELECT 1
  FROM client
  JOIN data_sharing_agreement ON client.agreement_id = data_sharing_agreement.id
  WHERE client.id = $1::VARCHAR
    AND client.revision = $2::INTEGER
    AND client.disabled_at IS NULL
    AND data_sharing_agreement.revision = $3::INTEGER
    AND data_sharing_agreement.status = $4
    AND CURRENT_DATE BETWEEN data_sharing_agreement.valid_from AND data_sharing_agreement.valid_until
)

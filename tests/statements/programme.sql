SELECT row_to_json((
  SELECT o$
  FROM (
    SELECT programme_1.code AS code, programme_1.name AS name, programme_1.agency AS agency
    FROM programme AS programme_1
    WHERE programme_1.code = $1::VARCHAR
  ) AS o$
)) AS r0
WHERE EXISTS (
  SELECT 1
  FROM client
  JOIN data_sharing_agreement ON client.agreement_id = data_sharing_agreement.id
  WHERE client.id = $2::VARCHAR
    AND client.revision = $3::INTEGER
    AND client.disabled_at IS NULL
    AND data_sharing_agreement.revision = $4::INTEGER
    AND data_sharing_agreement.status = $5
    AND CURRENT_DATE BETWEEN data_sharing_agreement.valid_from AND data_sharing_agreement.valid_until
)

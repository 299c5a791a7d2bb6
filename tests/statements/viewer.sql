SELECT true AS stands
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

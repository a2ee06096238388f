INSERT INTO resident_identities AS i (resident_id, place_code, phone, id_number)
SELECT r.id, r.place_code, g.phone, g.id_number
  FROM jsonb_to_recordset($1) AS g (code text, phone text, id_number text)
  JOIN residents r ON r.code = g.code
 WHERE g.phone IS NOT NULL OR g.id_number IS NOT NULL
ON CONFLICT (resident_id) DO UPDATE
   SET place_code = excluded.place_code, phone = coalesce(excluded.phone, i.phone),
       id_number = coalesce(excluded.id_number, i.id_number)

INSERT INTO enterprise_contacts AS c (enterprise_id, place_code, contact_name, phone)
SELECT e.id, e.place_code, g.contact_name, g.phone
  FROM jsonb_to_recordset($1) AS g (code text, contact_name text, phone text)
  JOIN enterprises e ON e.code = g.code
 WHERE g.contact_name IS NOT NULL OR g.phone IS NOT NULL
ON CONFLICT (enterprise_id) DO UPDATE
   SET place_code = excluded.place_code, contact_name = coalesce(excluded.contact_name, c.contact_name),
       phone = coalesce(excluded.phone, c.phone)

INSERT INTO special_care AS c (id, code, resident_id, place_code, kind, details, since, last_visited_at)
SELECT g.care_id, coalesce(g.care_code, g.code || '-C'), r.id, r.place_code, g.care_kind, g.care_details,
       coalesce(g.care_since, current_date), g.care_last_visited_at
  FROM jsonb_to_recordset($1) AS g (care_id uuid, code text, care_code text, care_kind text, care_details text,
        care_since date, care_last_visited_at timestamptz)
  JOIN residents r ON r.code = g.code
 WHERE g.care_kind IS NOT NULL
ON CONFLICT (code) DO UPDATE
   SET resident_id = excluded.resident_id, place_code = excluded.place_code, kind = excluded.kind,
       details = coalesce(excluded.details, c.details), since = excluded.since,
       last_visited_at = greatest(excluded.last_visited_at, c.last_visited_at)

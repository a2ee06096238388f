-- A call at a household is due every $5 days, at somebody in special care every $6; who needs care is left out, as
-- are the calls they are due, for roles that may not know ($7).
WITH care AS (
    SELECT r.household_id, min(coalesce((c.last_visited_at AT TIME ZONE 'Asia/Shanghai')::date, c.since)) AS last_call
      FROM special_care c JOIN residents r ON r.id = c.resident_id
     WHERE $7::bool AND c.until IS NULL
     GROUP BY r.household_id
),
households AS (
    SELECT h.id, h.resident_count,
           CASE WHEN $7 THEN (care.household_id IS NOT NULL)::int END AS special_care,
           (coalesce((h.last_visited_at AT TIME ZONE 'Asia/Shanghai')::date + $5::int <= $4::date, true)
               OR coalesce(care.last_call + $6::int <= $4::date, false))::int AS overdue,
           ST_AsMVTGeom(h.geom_3857, ST_TileEnvelope($1, $2, $3), 4096, 128) AS geom
      FROM households h LEFT JOIN care ON care.household_id = h.id
     WHERE h.geom_3857 && ST_TileEnvelope($1, $2, $3, margin => 0.03125)
       AND $1 >= 13
)
SELECT ST_AsMVT(households, 'households', 4096, 'geom') AS "tile!" FROM households WHERE geom IS NOT NULL

-- Files a report: the report, the first events of its history, and everything the answer says, in one round trip.
-- No row means that the id is taken; `enterprise_found` false means that nothing was filed because the caller
-- knows no such enterprise. What this statement inserts it cannot yet see: the answer is made of its parameters.
WITH enterprise AS (
    SELECT $13::uuid IS NULL OR EXISTS (SELECT FROM enterprises WHERE id = $13) AS found
), filed AS (
    INSERT INTO reports (id, content_hash, place_code, boundary_plan_id, kind, hazard_kind, severity, words, status,
            resolved_on_spot, happened_at, received_at, reported_by, enterprise_id, accuracy_m, boundary_m,
            near_boundary, nearest_grid_code, given_crs, given_x, given_y, geom, updated_at)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, CASE WHEN $9 THEN 'resolved' ELSE 'open' END,
           $9, $10, $11, $12, $13, $14::float8, $15::float8,
           $16, $17, $18, $19, $20, ST_SetSRID(ST_MakePoint($21, $22), 4326), $11
      FROM enterprise WHERE found
    ON CONFLICT (id) DO NOTHING
    RETURNING id
), history AS (
    INSERT INTO report_events (id, report_id, place_code, report_kind, at, account_id, action, from_status, to_status)
    SELECT deed.id, $1, $3, $5, $11, $12, deed.action, deed.from_status, deed.to_status
      FROM filed, (VALUES ($23::uuid, 'filed', NULL, 'open'), ($24::uuid, 'resolved_on_spot', 'open', 'resolved'))
                  AS deed (id, action, from_status, to_status)
     WHERE deed.id IS NOT NULL
)
SELECT enterprise.found AS "enterprise_found!",
       coalesce((SELECT name FROM grids WHERE code = $3), $3) AS "grid_name!",
       coalesce((SELECT name FROM grids WHERE code = $17), $17) AS nearest_name,
       (SELECT jsonb_agg(jsonb_build_object('id', id, 'display_name', display_name) ORDER BY display_name, id)
          FROM accounts WHERE scope_code = $3 AND role = 'grid_member' AND disabled_at IS NULL)
           AS "members: sqlx::types::Json<Vec<Person>>",
       (SELECT jsonb_agg(to_jsonb(alike) ORDER BY distance_m)
          FROM reports_like($5, ST_SetSRID(ST_MakePoint($21, $22), 4326), $10, $25, make_interval(hours => $26), $11, $1)
               AS alike)
           AS "duplicates: sqlx::types::Json<Vec<Duplicate>>"
  FROM enterprise LEFT JOIN filed ON true
 WHERE filed.id IS NOT NULL OR NOT enterprise.found

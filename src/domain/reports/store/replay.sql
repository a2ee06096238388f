-- What was answered when a report was filed, for somebody who files it again: the grid, the nearest grid, and the
-- reports that looked alike then. Nothing when the caller may not see the report.
SELECT r.content_hash AS "content_hash!",
       coalesce(g.name, r.place_code) AS "grid_name!",
       r.nearest_grid_code,
       coalesce(n.name, r.nearest_grid_code) AS nearest_name,
       (SELECT ST_Distance(b.geom::geography, r.geom::geography) FROM grid_boundaries b
         WHERE b.grid_code = r.nearest_grid_code
           AND b.valid @> (r.happened_at AT TIME ZONE 'Asia/Shanghai')::date) AS nearest_m,
       (SELECT jsonb_agg(jsonb_build_object('id', id, 'display_name', display_name) ORDER BY display_name, id)
          FROM accounts WHERE scope_code = r.place_code AND role = 'grid_member' AND disabled_at IS NULL)
           AS "members: sqlx::types::Json<Vec<Person>>",
       (SELECT jsonb_agg(to_jsonb(alike) ORDER BY distance_m)
          FROM reports_like(r.kind, r.geom, r.happened_at, $2, make_interval(hours => $3), r.received_at, r.id) AS alike)
           AS "duplicates: sqlx::types::Json<Vec<Duplicate>>"
  FROM reports r
  LEFT JOIN grids g ON g.code = r.place_code
  LEFT JOIN grids n ON n.code = r.nearest_grid_code
 WHERE r.id = $1

SELECT to_jsonb(t) AS "properties!", ST_AsGeoJSON(b.geom, 7)::jsonb AS geometry
  FROM grids g JOIN grid_boundaries b ON b.grid_code = g.code AND b.valid @> current_date,
       LATERAL (SELECT g.code, g.name, g.kind, lower(b.valid) AS valid_from) t
 ORDER BY g.code

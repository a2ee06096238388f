SELECT to_jsonb(t) AS "properties!", ST_AsGeoJSON(b.geom, 7)::jsonb AS geometry
  FROM buildings b, LATERAL (SELECT b.code, b.kind, b.name, b.levels) t
 ORDER BY b.code

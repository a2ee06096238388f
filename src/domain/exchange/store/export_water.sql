SELECT to_jsonb(t) AS "properties!", ST_AsGeoJSON(w.geom, 7)::jsonb AS geometry
  FROM water w, LATERAL (SELECT w.code, w.kind, w.name) t
 ORDER BY w.code

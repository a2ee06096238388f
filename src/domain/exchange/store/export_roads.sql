SELECT to_jsonb(t) AS "properties!", ST_AsGeoJSON(r.geom, 7)::jsonb AS geometry
  FROM roads r, LATERAL (SELECT r.code, r.class, r.name, r.width_m, r.one_way) t
 ORDER BY r.code

SELECT to_jsonb(t) AS "properties!", ST_AsGeoJSON(r.geom, 7)::jsonb AS geometry
  FROM roads r, LATERAL (SELECT r.code, r.class, r.name, r.width_m, r.one_way, r.foot, r.e_bike, r.car,
                                r.max_km_per_h, r.barriers) t
 ORDER BY r.code

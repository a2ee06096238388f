SELECT to_jsonb(t) AS "properties!", ST_AsGeoJSON(a.geom, 7)::jsonb AS geometry
  FROM areas a, LATERAL (SELECT a.code, a.parent_code, a.kind, a.name, a.name_en, a.population, a.party_members) t
 ORDER BY a.code

SELECT to_jsonb(t) AS "properties!", ST_AsGeoJSON(h.geom, 7)::jsonb AS geometry
  FROM hazards h LEFT JOIN enterprises e ON e.id = h.enterprise_id, LATERAL (
       SELECT h.code, h.kind, h.severity, h.status, h.description, e.code AS enterprise_code, h.found_on, h.cleared_on) t
 ORDER BY h.code

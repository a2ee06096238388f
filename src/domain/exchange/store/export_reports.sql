SELECT to_jsonb(t) AS "properties!", ST_AsGeoJSON(r.geom, 7)::jsonb AS geometry
  FROM reports r LEFT JOIN accounts a ON a.id = r.reported_by LEFT JOIN enterprises e ON e.id = r.enterprise_id, LATERAL (
       SELECT r.id, r.kind, r.hazard_kind, r.severity, r.words, r.status, r.resolved_on_spot, r.department,
              r.happened_at, r.received_at, r.closed_at, a.login AS reported_by, e.code AS enterprise_code, r.accuracy_m) t
 ORDER BY r.happened_at, r.id

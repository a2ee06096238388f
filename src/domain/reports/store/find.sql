-- One report, if the caller may read it.
SELECT r.id AS "id!", r.kind AS "kind!: ReportKind", r.hazard_kind AS "hazard_kind: HazardKind", r.severity AS "severity!",
       r.words AS "words!",
       r.status AS "status!: Status", r.resolved_on_spot AS "resolved_on_spot!", r.department AS "department: Department",
       r.happened_at AS "happened_at!", r.received_at AS "received_at!", r.closed_at, r.place_code AS "place_code!", r.handler_code, r.near_boundary AS "near_boundary!",
       r.boundary_m, r.reported_by,
       a.display_name AS "reporter_name?", r.enterprise_id, ST_AsGeoJSON(r.geom, 7)::json AS "geometry!",
       (SELECT count(*) FROM report_attachments t WHERE t.report_id = r.id) AS "photo_count!",
       r.version AS "version!"
  FROM reports r LEFT JOIN accounts a ON a.id = r.reported_by
 WHERE r.id = $1

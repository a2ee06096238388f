-- A page of reports, latest first. Bounds that are not given are the ends of their ranges, so that the plan for
-- given ones fits: the index on (happened_at, id) serves the order, the period and the place to start from.
SELECT r.id AS "id!", r.kind AS "kind!: ReportKind", r.hazard_kind AS "hazard_kind: HazardKind", r.severity AS "severity!",
       r.words AS "words!",
       r.status AS "status!: Status", r.resolved_on_spot AS "resolved_on_spot!", r.department AS "department: Department",
       r.happened_at AS "happened_at!", r.received_at AS "received_at!", r.closed_at, r.place_code AS "place_code!", r.handler_code, r.near_boundary AS "near_boundary!",
       r.boundary_m, r.reported_by,
       a.display_name AS "reporter_name?", r.enterprise_id, ST_AsGeoJSON(r.geom, 7)::json AS "geometry!",
       (SELECT count(*) FROM report_attachments t WHERE t.report_id = r.id) AS "photo_count!",
       r.version AS "version!"
  FROM reports r LEFT JOIN accounts a ON a.id = r.reported_by
 WHERE (r.happened_at, r.id) < (coalesce($1, 'infinity'::timestamptz), coalesce($2, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid))
   AND r.happened_at >= coalesce($3, '-infinity'::timestamptz)
   AND r.happened_at < coalesce($4, 'infinity'::timestamptz)
   AND (r.place_code >= $5 AND r.place_code < $5 || ':' OR r.handler_code >= $5 AND r.handler_code < $5 || ':')
   AND ($6::float8[] IS NULL OR r.geom && ST_MakeEnvelope($6[1], $6[2], $6[3], $6[4], 4326))
   AND ($7::text[] IS NULL OR r.kind = ANY ($7))
   AND ($8::smallint[] IS NULL OR r.severity = ANY ($8))
   AND ($9::text[] IS NULL OR r.status = ANY ($9))
   AND ($10::text IS NULL OR r.words ILIKE $10)
   AND (NOT $11 OR r.reported_by = current_account())
   AND ($12::text IS NULL OR r.hazard_kind = $12)
 ORDER BY r.happened_at DESC, r.id DESC
 LIMIT $13

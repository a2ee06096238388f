-- Reports by id, with the events that brought a new one to its status. A report's place and time never change.
WITH given AS (
    SELECT g.*, sha256(convert_to(concat_ws('|', g.id, g.kind, g.words, g.happened_at, g.geom), 'UTF8')) AS content_hash,
           a.id AS account_id, e.id AS enterprise_id, ST_SetSRID(g.geom::geometry, 4326) AS place
      FROM jsonb_to_recordset($1) AS g (id uuid, place_code text, kind text, hazard_kind text, severity smallint,
            words text, status text, resolved_on_spot boolean, department text, happened_at timestamptz,
            received_at timestamptz, closed_at timestamptz, reported_by text, enterprise_code text, accuracy_m real,
            geom text)
      LEFT JOIN accounts a ON a.login = g.reported_by
      LEFT JOIN enterprises e ON e.code = g.enterprise_code
), written AS (
    INSERT INTO reports AS r (id, content_hash, place_code, kind, hazard_kind, severity, words, status, resolved_on_spot,
        department, happened_at, received_at, closed_at, reported_by, enterprise_id, accuracy_m, given_x, given_y, geom)
    SELECT id, content_hash, place_code, kind, hazard_kind, severity, words, coalesce(status, 'open'),
           coalesce(resolved_on_spot, false), department, happened_at, coalesce(received_at, happened_at), closed_at,
           account_id, enterprise_id, accuracy_m, ST_X(place), ST_Y(place), place
      FROM given
    ON CONFLICT (id) DO UPDATE
       SET severity = excluded.severity, words = excluded.words, status = excluded.status,
           resolved_on_spot = excluded.resolved_on_spot, department = coalesce(excluded.department, r.department),
           closed_at = excluded.closed_at, version = r.version + 1, updated_at = now()
    RETURNING r.id, r.place_code, r.kind, r.status, r.resolved_on_spot, r.received_at, r.closed_at, r.reported_by,
              (xmax = 0) AS created
), filed AS (
    INSERT INTO report_events (id, report_id, place_code, report_kind, at, account_id, action, to_status)
    SELECT gen_random_uuid(), id, place_code, kind, received_at, reported_by, 'filed', 'open' FROM written WHERE created
), worked_on AS (
    INSERT INTO report_events (id, report_id, place_code, report_kind, at, account_id, action, from_status, to_status)
    SELECT gen_random_uuid(), id, place_code, kind, greatest(received_at, coalesce(closed_at, received_at)) + interval '1 microsecond',
           reported_by,
           CASE WHEN resolved_on_spot THEN 'resolved_on_spot'
                ELSE (jsonb_build_object('coordinating', 'coordinate', 'escalated', 'escalate', 'dispatched', 'dispatch',
                    'resolved', 'resolve', 'closed', 'close') ->> status) END,
           'open', status
      FROM written WHERE created AND status <> 'open'
)
SELECT count(*) FILTER (WHERE created) AS "created!", count(*) FILTER (WHERE NOT created) AS "updated!" FROM written

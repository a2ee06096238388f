WITH given AS (
    SELECT * FROM jsonb_to_recordset($1) AS g (id uuid, code text, place_code text, kind text, severity smallint,
        status text, description text, enterprise_code text, found_on date, cleared_on date, geom text)
), written AS (
    INSERT INTO hazards AS h (id, code, place_code, kind, severity, status, description, enterprise_id, found_on, cleared_on, geom)
    SELECT g.id, g.code, g.place_code, g.kind, g.severity, coalesce(g.status, 'open'), g.description,
           (SELECT e.id FROM enterprises e WHERE e.code = g.enterprise_code), g.found_on, g.cleared_on,
           ST_SetSRID(g.geom::geometry, 4326)
      FROM given g
    ON CONFLICT (code) DO UPDATE
       SET place_code = excluded.place_code, kind = excluded.kind, severity = excluded.severity,
           status = excluded.status, description = excluded.description,
           enterprise_id = coalesce(excluded.enterprise_id, h.enterprise_id), found_on = excluded.found_on,
           cleared_on = excluded.cleared_on, geom = excluded.geom, version = h.version + 1, updated_at = now()
    RETURNING (xmax = 0) AS created
)
SELECT count(*) FILTER (WHERE created) AS "created!", count(*) FILTER (WHERE NOT created) AS "updated!" FROM written

WITH given AS (
    SELECT * FROM jsonb_to_recordset($1) AS g (id uuid, code text, place_code text, kind text, name text, geom text)
), written AS (
    INSERT INTO water AS w (id, code, place_code, kind, name, geom)
    SELECT id, code, place_code, kind, name, ST_SetSRID(geom::geometry, 4326) FROM given
    ON CONFLICT (code) DO UPDATE
       SET place_code = excluded.place_code, kind = excluded.kind, name = coalesce(excluded.name, w.name),
           geom = excluded.geom, updated_at = now()
    RETURNING (xmax = 0) AS created
)
SELECT count(*) FILTER (WHERE created) AS "created!", count(*) FILTER (WHERE NOT created) AS "updated!" FROM written

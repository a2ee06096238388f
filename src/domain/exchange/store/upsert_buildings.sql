WITH given AS (
    SELECT * FROM jsonb_to_recordset($1) AS g (id uuid, code text, place_code text, kind text, name text,
        levels smallint, geom text)
), written AS (
    INSERT INTO buildings AS b (id, code, place_code, kind, name, levels, geom)
    SELECT id, code, place_code, coalesce(kind, 'other'), name, levels, ST_SetSRID(geom::geometry, 4326) FROM given
    ON CONFLICT (code) DO UPDATE
       SET place_code = excluded.place_code, kind = excluded.kind, name = coalesce(excluded.name, b.name),
           levels = coalesce(excluded.levels, b.levels), geom = excluded.geom, updated_at = now()
    RETURNING (xmax = 0) AS created
)
SELECT count(*) FILTER (WHERE created) AS "created!", count(*) FILTER (WHERE NOT created) AS "updated!" FROM written

WITH given AS (
    SELECT * FROM jsonb_to_recordset($1) AS g (id uuid, code text, place_code text, address text, building_code text,
        resident_count integer, floating boolean, last_visited_at timestamptz, geom text)
), written AS (
    INSERT INTO households AS h (id, code, place_code, address, building_code, resident_count, floating, last_visited_at, geom)
    SELECT id, code, place_code, address, building_code, coalesce(resident_count, 0), coalesce(floating, false),
           last_visited_at, ST_SetSRID(geom::geometry, 4326)
      FROM given
    ON CONFLICT (code) DO UPDATE
       SET place_code = excluded.place_code, address = excluded.address,
           building_code = coalesce(excluded.building_code, h.building_code),
           resident_count = coalesce((SELECT g.resident_count FROM given g WHERE g.code = h.code), h.resident_count),
           floating = coalesce((SELECT g.floating FROM given g WHERE g.code = h.code), h.floating),
           last_visited_at = greatest(excluded.last_visited_at, h.last_visited_at), geom = excluded.geom,
           version = h.version + 1, updated_at = now()
    RETURNING (xmax = 0) AS created
)
SELECT count(*) FILTER (WHERE created) AS "created!", count(*) FILTER (WHERE NOT created) AS "updated!" FROM written

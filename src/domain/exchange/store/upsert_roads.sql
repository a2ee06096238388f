WITH given AS (
    SELECT * FROM jsonb_to_recordset($1) AS g (id uuid, code text, place_code text, class text, name text,
        width_m real, one_way boolean, foot text, e_bike text, car text, max_km_per_h real, barriers jsonb, geom text)
), written AS (
    INSERT INTO roads AS r (id, code, place_code, class, name, width_m, one_way, foot, e_bike, car, max_km_per_h,
                            barriers, geom)
    SELECT id, code, place_code, class, name, width_m, coalesce(one_way, false), foot, e_bike, car, max_km_per_h,
           coalesce(barriers, '[]'), ST_SetSRID(geom::geometry, 4326) FROM given
    ON CONFLICT (code) DO UPDATE
       SET place_code = excluded.place_code, class = excluded.class, name = coalesce(excluded.name, r.name),
           width_m = coalesce(excluded.width_m, r.width_m), one_way = excluded.one_way, foot = excluded.foot,
           e_bike = excluded.e_bike, car = excluded.car, max_km_per_h = excluded.max_km_per_h,
           barriers = excluded.barriers, geom = excluded.geom, updated_at = now()
    RETURNING (xmax = 0) AS created
)
SELECT count(*) FILTER (WHERE created) AS "created!", count(*) FILTER (WHERE NOT created) AS "updated!" FROM written

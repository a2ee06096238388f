WITH given AS (
    SELECT * FROM jsonb_to_recordset($1) AS g (id uuid, code text, place_code text, name text, category text,
        hazard_class text, floor_area_m2 real, staff integer, opens time, closes time, address text, building_code text,
        status text, last_inspected_at timestamptz, geom text)
), written AS (
    INSERT INTO enterprises AS e (id, code, place_code, name, category, hazard_class, floor_area_m2, staff, opens,
        closes, address, building_code, status, last_inspected_at, geom)
    SELECT id, code, place_code, name, category, hazard_class, floor_area_m2, staff, opens, closes, address,
           building_code, coalesce(status, 'active'), last_inspected_at, ST_SetSRID(geom::geometry, 4326)
      FROM given
    ON CONFLICT (code) DO UPDATE
       SET place_code = excluded.place_code, name = excluded.name, category = excluded.category,
           hazard_class = excluded.hazard_class, floor_area_m2 = coalesce(excluded.floor_area_m2, e.floor_area_m2),
           staff = coalesce(excluded.staff, e.staff), opens = coalesce(excluded.opens, e.opens),
           closes = coalesce(excluded.closes, e.closes), address = coalesce(excluded.address, e.address),
           building_code = coalesce(excluded.building_code, e.building_code),
           status = coalesce((SELECT g.status FROM given g WHERE g.code = e.code), e.status),
           last_inspected_at = greatest(excluded.last_inspected_at, e.last_inspected_at), geom = excluded.geom,
           version = e.version + 1, updated_at = now()
    RETURNING (xmax = 0) AS created
)
SELECT count(*) FILTER (WHERE created) AS "created!", count(*) FILTER (WHERE NOT created) AS "updated!" FROM written

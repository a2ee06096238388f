-- Filing reports is the one write that comes in crowds, so it costs one round trip and as little of the database's
-- time as can be: reports that wait at the same moment are filed in one transaction, and looking for likely
-- duplicates reads a handful of rows however many reports there are.

-- The cell of a grid of 0.002 degrees (some 220 metres) that a place lies in.
CREATE FUNCTION cell_of(column_number bigint, row_number bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN row_number * 1000000 + column_number;
CREATE FUNCTION cell_of(place geometry) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN cell_of(floor(ST_X(place) * 500)::bigint, floor(ST_Y(place) * 500)::bigint);

CREATE INDEX reports_by_cell ON reports (cell_of(geom), kind, happened_at);

-- As before, reports of one kind near a place and a time that the asker may read, nearest first; now through the
-- cells around the place. Metres per degree are those of the ellipsoid at this latitude (Snyder, Map Projections: A
-- Working Manual, 1987, equations 4-18 and 4-20): at a hundred metres, a plane with these scales is true to
-- millimetres, and costs a tenth of a geodesic. The plan is kept from when the table was small: it must not be one
-- that reads all of it.
CREATE OR REPLACE FUNCTION reports_like(of_kind text, place geometry, at timestamptz, within_m double precision,
        within_time interval, received_before timestamptz, except_id uuid)
    RETURNS TABLE (id uuid, kind text, words text, distance_m double precision, happened_at timestamptz, status text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public SET enable_seqscan = off AS $$
DECLARE
    axis_m CONSTANT double precision := 6378137;
    eccentricity2 CONSTANT double precision := 0.00669437999014;
    lon double precision := ST_X(place);
    lat double precision := ST_Y(place);
    curvature double precision := 1 - eccentricity2 * sin(radians(lat)) ^ 2;
    lon_m double precision := radians(axis_m) * cos(radians(lat)) / sqrt(curvature);
    lat_m double precision := radians(axis_m) * (1 - eccentricity2) / curvature ^ 1.5;
    cells bigint[];
BEGIN
    FOR row_number IN floor((lat - within_m / lat_m) * 500) .. floor((lat + within_m / lat_m) * 500) LOOP
        FOR column_number IN floor((lon - within_m / lon_m) * 500) .. floor((lon + within_m / lon_m) * 500) LOOP
            cells := cells || cell_of(column_number, row_number);
        END LOOP;
    END LOOP;
    RETURN QUERY
    SELECT near.id, near.kind, near.words, near.away_m, near.happened_at, near.status
      FROM (SELECT r.id, r.kind, r.words, r.happened_at, r.status,
                   sqrt(((ST_X(r.geom) - lon) * lon_m) ^ 2 + ((ST_Y(r.geom) - lat) * lat_m) ^ 2) AS away_m
              FROM reports r
             WHERE cell_of(r.geom) = ANY (cells)
               AND r.kind = of_kind
               AND r.happened_at BETWEEN at - within_time AND at + within_time
               AND r.received_at <= received_before
               AND r.id <> except_id
               AND ((reads_reports_of(r.kind) AND in_scope(r.place_code)) OR r.reported_by = current_account())
            OFFSET 0) AS near
     WHERE near.away_m <= within_m
     ORDER BY near.away_m, near.happened_at DESC
     LIMIT 5;
END $$;

-- Files reports one after the other, each under its own account's scope and so under the policies: the report, the
-- first events of its history, its line in the audit log; and says of each, in the same order, what the answer says.
-- Fails as a whole when one of them is refused.
--   outcome  'filed'; 'taken', when the id is in use; 'unknown_enterprise', when its account knows no such one
CREATE FUNCTION file_reports(filings json, alike_within_m double precision, alike_within interval)
    RETURNS TABLE (outcome text, grid_name text, nearest_name text, members jsonb, duplicates jsonb)
    LANGUAGE plpgsql AS $$
DECLARE
    f record;
    place geometry;
    setting text;
BEGIN
    FOR f IN
        SELECT * FROM json_to_recordset(filings) AS filing (account uuid, role text, scope_from text, scope_to text,
            map_from text, map_to text, id uuid, content_hash bytea, place_code text, plan_id uuid, kind text,
            hazard_kind text, severity smallint, words text, resolved_on_spot boolean, happened_at timestamptz,
            received_at timestamptz, enterprise_id uuid, accuracy_m real, boundary_m real, near_boundary boolean,
            nearest_grid text, crs text, x double precision, y double precision, lon double precision,
            lat double precision, filed_id uuid, resolved_id uuid, audit_id uuid, request_id text)
    LOOP
        setting := set_config('gridkeeper.account', f.account::text, true);
        setting := set_config('gridkeeper.role', f.role, true);
        setting := set_config('gridkeeper.scope_from', f.scope_from, true);
        setting := set_config('gridkeeper.scope_to', f.scope_to, true);
        setting := set_config('gridkeeper.map_from', f.map_from, true);
        setting := set_config('gridkeeper.map_to', f.map_to, true);
        grid_name := NULL;
        nearest_name := NULL;
        members := NULL;
        duplicates := NULL;

        IF f.enterprise_id IS NOT NULL AND NOT EXISTS (SELECT FROM enterprises e WHERE e.id = f.enterprise_id) THEN
            outcome := 'unknown_enterprise';
            RETURN NEXT;
            CONTINUE;
        END IF;

        place := ST_SetSRID(ST_MakePoint(f.lon, f.lat), 4326);
        INSERT INTO reports (id, content_hash, place_code, boundary_plan_id, kind, hazard_kind, severity, words, status,
                resolved_on_spot, happened_at, received_at, reported_by, enterprise_id, accuracy_m, boundary_m,
                near_boundary, nearest_grid_code, given_crs, given_x, given_y, geom, updated_at)
        VALUES (f.id, f.content_hash, f.place_code, f.plan_id, f.kind, f.hazard_kind, f.severity, f.words,
                CASE WHEN f.resolved_on_spot THEN 'resolved' ELSE 'open' END, f.resolved_on_spot, f.happened_at,
                f.received_at, f.account, f.enterprise_id, f.accuracy_m, f.boundary_m, f.near_boundary,
                f.nearest_grid, f.crs, f.x, f.y, place, f.received_at)
        ON CONFLICT (id) DO NOTHING;
        IF NOT FOUND THEN
            outcome := 'taken';
            RETURN NEXT;
            CONTINUE;
        END IF;
        INSERT INTO report_events (id, report_id, place_code, report_kind, at, account_id, action, to_status)
        VALUES (f.filed_id, f.id, f.place_code, f.kind, f.received_at, f.account, 'filed', 'open');
        IF f.resolved_on_spot THEN
            INSERT INTO report_events (id, report_id, place_code, report_kind, at, account_id, action, from_status,
                    to_status)
            VALUES (f.resolved_id, f.id, f.place_code, f.kind, f.received_at, f.account, 'resolved_on_spot', 'open',
                    'resolved');
        END IF;
        INSERT INTO audit_log (id, account_id, role, action, subject, subject_id, place_code, request_id)
        VALUES (f.audit_id, f.account, f.role, 'create', 'report', f.id::text, f.place_code, f.request_id);

        outcome := 'filed';
        grid_name := coalesce((SELECT g.name FROM grids g WHERE g.code = f.place_code), f.place_code);
        IF f.nearest_grid IS NOT NULL THEN
            nearest_name := coalesce((SELECT g.name FROM grids g WHERE g.code = f.nearest_grid), f.nearest_grid);
        END IF;
        members := (SELECT jsonb_agg(jsonb_build_object('id', a.id, 'display_name', a.display_name)
                                     ORDER BY a.display_name, a.id)
                      FROM accounts a
                     WHERE a.scope_code = f.place_code AND a.role = 'grid_member' AND a.disabled_at IS NULL);
        duplicates := (SELECT jsonb_agg(to_jsonb(alike) ORDER BY alike.distance_m)
                         FROM reports_like(f.kind, place, f.happened_at, alike_within_m, alike_within, f.received_at,
                                           f.id) AS alike);
        RETURN NEXT;
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION file_reports FROM PUBLIC;
GRANT EXECUTE ON FUNCTION file_reports TO gridkeeper_app;

-- Filing a report at a time, as before, started the executor a dozen times for each and prepared every check of three
-- tables anew, which cost more than the rows did. Now each table is written once for all reports that wait together.

-- One report to be filed, with the scope of whoever files it, and how many metres a degree is where it lies.
CREATE TYPE filing AS (account uuid, role text, scope_from text, scope_to text, map_from text, map_to text, id uuid,
    content_hash bytea, place_code text, plan_id uuid, kind text, hazard_kind text, severity smallint, words text,
    resolved_on_spot boolean, happened_at timestamptz, received_at timestamptz, enterprise_id uuid, accuracy_m real,
    boundary_m real, near_boundary boolean, nearest_grid text, crs text, x double precision, y double precision,
    lon double precision, lat double precision, lon_m double precision, lat_m double precision, filed_id uuid, resolved_id uuid, audit_id uuid, request_id text);

-- Takes on a scope for what the statement does with the row at hand, and says true.
--
-- Stands in the WHERE of a scan whose rows are used one after the other as they come: an INSERT checks its policies for
-- a row before it asks for the next. Should a planner ever gather rows first, the policies refuse all but the last
-- account's, because a report is filed by whoever acts and by nobody else.
CREATE FUNCTION act_for(filing filing) RETURNS boolean
    LANGUAGE sql VOLATILE
    RETURN set_config('gridkeeper.account', coalesce(filing.account::text, ''), true) IS NOT NULL
       AND set_config('gridkeeper.role', filing.role, true) IS NOT NULL
       AND set_config('gridkeeper.scope_from', filing.scope_from, true) IS NOT NULL
       AND set_config('gridkeeper.scope_to', filing.scope_to, true) IS NOT NULL
       AND set_config('gridkeeper.map_from', filing.map_from, true) IS NOT NULL
       AND set_config('gridkeeper.map_to', filing.map_to, true) IS NOT NULL;

-- A plan is made when the table is small and kept while it grows, so likely duplicates must be found through this index
-- from the start. It alone knows the time in this form: no other index looks as good to a planner without statistics.
DROP INDEX reports_by_cell;
CREATE INDEX reports_by_cell ON reports (cell_of(geom), kind, (happened_at AT TIME ZONE 'UTC'));

CREATE FUNCTION knows_enterprise(enterprise uuid) RETURNS boolean
    LANGUAGE sql STABLE COST 10000
    RETURN EXISTS (SELECT FROM enterprises WHERE id = enterprise);

-- What whoever filed each of these reports is told of it: the grid's name, the nearest grid's when it is in none, the
-- grid's members, and up to five reports of the same kind near it in place and time that they may read, nearest first.
--
-- Those are looked for in the cells around the place; a cell is wider than alike_within_m, so that the box around the
-- place reaches into two by two at most. At a hundred metres, a plane with the scales of the place is true to
-- millimetres, and costs a tenth of a geodesic.
CREATE FUNCTION answers_to(filings filing[], alike_within_m double precision, alike_within interval)
    RETURNS TABLE (id uuid, grid_name text, nearest_name text, members jsonb, duplicates jsonb)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public SET enable_seqscan = off
    SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    SELECT f.id,
           coalesce((SELECT g.name FROM grids g WHERE g.code = f.place_code), f.place_code),
           coalesce((SELECT g.name FROM grids g WHERE g.code = f.nearest_grid), f.nearest_grid),
           (SELECT jsonb_agg(jsonb_build_object('id', a.id, 'display_name', a.display_name)
                             ORDER BY a.display_name, a.id)
              FROM accounts a
             WHERE a.scope_code = f.place_code AND a.role = 'grid_member' AND a.disabled_at IS NULL),
           (SELECT jsonb_agg(to_jsonb(alike) ORDER BY alike.distance_m)
              FROM (SELECT near.*
                      FROM (SELECT r.id, r.kind, r.words,
                                   sqrt(((ST_X(r.geom) - f.lon) * f.lon_m) ^ 2
                                      + ((ST_Y(r.geom) - f.lat) * f.lat_m) ^ 2) AS distance_m,
                                   r.happened_at, r.status
                              FROM reports r
                             WHERE cell_of(r.geom) = ANY (ARRAY[
                                       cell_of(cells.west, cells.south), cell_of(cells.west, cells.north),
                                       cell_of(cells.east, cells.south), cell_of(cells.east, cells.north)])
                               AND r.kind = f.kind
                               AND (r.happened_at AT TIME ZONE 'UTC')
                                   BETWEEN ((f.happened_at - alike_within) AT TIME ZONE 'UTC')
                                       AND ((f.happened_at + alike_within) AT TIME ZONE 'UTC')
                               AND r.received_at <= f.received_at
                               AND r.id <> f.id
                               AND ((reads_reports_of(r.kind) AND in_scope(r.place_code))
                                    OR r.reported_by = current_account())
                            OFFSET 0) AS near
                     WHERE near.distance_m <= alike_within_m
                     ORDER BY near.distance_m, near.happened_at DESC
                     LIMIT 5) AS alike)
      FROM unnest(filings) AS f
     CROSS JOIN LATERAL (SELECT floor((f.lon - alike_within_m / f.lon_m) * 500)::bigint,
                                floor((f.lon + alike_within_m / f.lon_m) * 500)::bigint,
                                floor((f.lat - alike_within_m / f.lat_m) * 500)::bigint,
                                floor((f.lat + alike_within_m / f.lat_m) * 500)::bigint)
                        AS cells (west, east, south, north)
     WHERE act_for(f);
END $$;

-- Files reports, each under its own account's scope and so under the policies: the reports, the first events of their
-- histories, their lines in the audit log; and says of each what the answer says. Files all of them or none.
--   outcome  'filed'; of a report that comes alone also 'taken', when the id is in use, and 'unknown_enterprise', when
--            its account knows no such one. Among several such a report is an error: they are to be filed one by one.
DROP FUNCTION file_reports;
CREATE FUNCTION file_reports(given json, alike_within_m double precision, alike_within interval)
    RETURNS TABLE (id uuid, outcome text, grid_name text, nearest_name text, members jsonb, duplicates jsonb)
    LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    filings filing[] := ARRAY(SELECT f FROM json_populate_recordset(NULL::filing, given) AS f);
    filed bigint;
BEGIN
    INSERT INTO reports (id, content_hash, place_code, boundary_plan_id, kind, hazard_kind, severity, words, status,
            resolved_on_spot, happened_at, received_at, reported_by, enterprise_id, accuracy_m, boundary_m,
            near_boundary, nearest_grid_code, given_crs, given_x, given_y, geom, updated_at)
    SELECT f.id, f.content_hash, f.place_code, f.plan_id, f.kind, f.hazard_kind, f.severity, f.words,
           CASE WHEN f.resolved_on_spot THEN 'resolved' ELSE 'open' END, f.resolved_on_spot, f.happened_at,
           f.received_at, f.account, f.enterprise_id, f.accuracy_m, f.boundary_m, f.near_boundary, f.nearest_grid,
           f.crs, f.x, f.y, ST_SetSRID(ST_MakePoint(f.lon, f.lat), 4326), f.received_at
      FROM unnest(filings) AS f
     WHERE act_for(f) AND (f.enterprise_id IS NULL OR knows_enterprise(f.enterprise_id))
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS filed = ROW_COUNT;
    IF filed < cardinality(filings) THEN
        IF cardinality(filings) > 1 THEN
            RAISE EXCEPTION 'of % reports % cannot be filed', cardinality(filings),
                cardinality(filings) - filed;
        END IF;
        RETURN QUERY
        SELECT f.id,
               CASE WHEN f.enterprise_id IS NULL OR knows_enterprise(f.enterprise_id) THEN 'taken'
                    ELSE 'unknown_enterprise' END,
               NULL::text, NULL::text, NULL::jsonb, NULL::jsonb
          FROM unnest(filings) AS f;
        RETURN;
    END IF;

    INSERT INTO report_events (id, report_id, place_code, report_kind, at, account_id, action, from_status, to_status)
    SELECT event.id, f.id, f.place_code, f.kind, f.received_at, f.account, event.action, event.from_status,
           event.to_status
      FROM unnest(filings) AS f
     CROSS JOIN LATERAL (VALUES (f.filed_id, 'filed', NULL, 'open'),
                                (f.resolved_id, 'resolved_on_spot', 'open', 'resolved'))
                        AS event (id, action, from_status, to_status)
     WHERE act_for(f) AND (event.action = 'filed' OR f.resolved_on_spot);

    INSERT INTO audit_log (id, account_id, role, action, subject, subject_id, place_code, request_id)
    SELECT f.audit_id, f.account, f.role, 'create', 'report', f.id::text, f.place_code, f.request_id
      FROM unnest(filings) AS f
     WHERE act_for(f);

    RETURN QUERY
    SELECT a.id, 'filed', a.grid_name, a.nearest_name, a.members, a.duplicates
      FROM answers_to(filings, alike_within_m, alike_within) AS a;
END $$;
REVOKE ALL ON FUNCTION answers_to, file_reports, act_for, knows_enterprise FROM PUBLIC;
GRANT EXECUTE ON FUNCTION answers_to, file_reports, act_for, knows_enterprise TO gridkeeper_app;
DROP FUNCTION reports_like;

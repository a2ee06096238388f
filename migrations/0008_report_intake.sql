-- What filing a report needs beside the table: an index to follow one's own reports, the department in the history
-- of a case, and the search for reports that may be about the same thing.

CREATE INDEX reports_by_reporter ON reports (reported_by, happened_at DESC, id DESC);

-- A case can be dispatched more than once; its history says to whom each time.
ALTER TABLE report_events ADD COLUMN department text;
ALTER TABLE report_events ADD CONSTRAINT report_events_department_is_known
    CHECK (department IN ('fire', 'safety', 'police', 'law_enforcement', 'market_supervision'));

-- Reports of one kind near a place and a time that the asker may read, nearest first. The policies on reports
-- cannot use the spatial index (PostGIS operators are not leakproof), and every report filed asks this: so the
-- function looks past the policies with the index and then applies the same rule as reports_are_read_in_scope.
CREATE FUNCTION reports_like(of_kind text, place geometry, at timestamptz, within_m double precision,
        within_time interval, received_before timestamptz, except_id uuid)
    RETURNS TABLE (id uuid, kind text, words text, distance_m double precision, happened_at timestamptz, status text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT r.id, r.kind, r.words, ST_Distance(r.geom::geography, place::geography), r.happened_at, r.status
      FROM reports r
     WHERE r.geom && ST_Expand(place, within_m / (111320 * cos(radians(ST_Y(place)))), within_m / 110570)
       AND r.kind = of_kind
       AND r.happened_at BETWEEN at - within_time AND at + within_time
       AND r.received_at <= received_before
       AND r.id <> except_id
       AND ((reads_reports_of(r.kind) AND in_scope(r.place_code)) OR r.reported_by = current_account())
       AND ST_Distance(r.geom::geography, place::geography) <= within_m
     ORDER BY 4, r.happened_at DESC
     LIMIT 5
$$;
REVOKE ALL ON FUNCTION reports_like FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reports_like TO gridkeeper_app;

-- A function in SQL is planned anew by every statement that calls it, and planning the search for likely duplicates
-- took longer than searching. In PL/pgSQL each connection plans it once.

CREATE OR REPLACE FUNCTION reports_like(of_kind text, place geometry, at timestamptz, within_m double precision,
        within_time interval, received_before timestamptz, except_id uuid)
    RETURNS TABLE (id uuid, kind text, words text, distance_m double precision, happened_at timestamptz, status text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
BEGIN
    RETURN QUERY
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
     LIMIT 5;
END $$;

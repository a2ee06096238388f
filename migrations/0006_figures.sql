-- Counts per grid for those who plan but may not read a single household or case: the function sees past the
-- policies, gives numbers only, and only within the asker's scope.
CREATE FUNCTION grid_figures(village text)
    RETURNS TABLE (grid_code text, households bigint, people bigint, special_care bigint, enterprises bigint,
        open_hazards bigint, open_reports bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT g.code,
           (SELECT count(*) FROM households h WHERE h.place_code = g.code),
           (SELECT coalesce(sum(h.resident_count), 0) FROM households h WHERE h.place_code = g.code),
           (SELECT count(*) FROM special_care c WHERE c.place_code = g.code AND c.until IS NULL),
           (SELECT count(*) FROM enterprises e WHERE e.place_code = g.code AND e.status <> 'closed'),
           (SELECT count(*) FROM hazards z WHERE z.place_code = g.code AND z.status = 'open'),
           (SELECT count(*) FROM reports r WHERE r.place_code = g.code AND r.status NOT IN ('resolved', 'closed'))
      FROM grids g
     WHERE g.village_code = village
       AND in_scope(g.code)
       AND acts_as('system', 'grid_member', 'grid_chief', 'planner', 'inspector', 'police', 'command', 'administrator')
     ORDER BY g.code
$$;
REVOKE ALL ON FUNCTION grid_figures(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION grid_figures(text) TO gridkeeper_app;

-- What is kept of a report that its answer depends on. Nothing when the caller may not see the report.
SELECT r.content_hash,
       r.place_code,
       r.received_at,
       r.nearest_grid_code,
       (SELECT ST_Distance(b.geom::geography, r.geom::geography) FROM grid_boundaries b
         WHERE b.grid_code = r.nearest_grid_code
           AND b.valid @> (r.happened_at AT TIME ZONE 'Asia/Shanghai')::date) AS nearest_m
  FROM reports r
 WHERE r.id = $1

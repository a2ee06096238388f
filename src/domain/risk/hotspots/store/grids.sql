-- Grids in scope with their boundaries and the codes of those that touch them. Neighbours share every vertex of their
-- seams, so that intersecting is touching.
SELECT g.code AS "code!", g.name AS "name!", ST_AsGeoJSON(b.geom, 7)::json AS "geometry!",
       coalesce(array_agg(o.grid_code ORDER BY o.grid_code) FILTER (WHERE o.grid_code IS NOT NULL), '{}') AS "neighbours!"
  FROM grids g
  JOIN grid_boundaries b ON b.grid_code = g.code AND b.valid @> $1::date
  LEFT JOIN grid_boundaries o ON o.geom && b.geom AND o.grid_code <> b.grid_code AND o.valid @> $1::date
       AND in_scope(o.grid_code) AND ST_Intersects(o.geom, b.geom)
 WHERE in_scope(g.code)
 GROUP BY g.code, g.name, b.geom
 ORDER BY g.code

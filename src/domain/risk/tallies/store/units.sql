-- The areas or grids of one level within a place and the caller's scope, with their land and how many enterprises at
-- work the caller may read there.
WITH units AS (
    SELECT code, name, geom FROM areas WHERE length(code) = $2 AND starts_with(code, $1) AND in_scope(code)
    UNION ALL
    SELECT g.code, g.name, b.geom
      FROM grids g
      LEFT JOIN grid_boundaries b ON b.grid_code = g.code AND b.valid @> $3::date
     WHERE $2 = 15 AND starts_with(g.code, $1) AND in_scope(g.code)
)
SELECT u.code AS "code!", u.name AS "name!", ST_Area(u.geom::geography) / 1e6 AS area_km2,
       CASE WHEN $4 THEN ST_AsGeoJSON(u.geom, 6)::json END AS geometry,
       (SELECT count(*) FROM enterprises e
         WHERE in_scope(e.place_code) AND starts_with(e.place_code, u.code) AND e.status <> 'closed') AS "enterprises!"
  FROM units u
 ORDER BY u.code

-- The boundaries in force on a date; a grid's label stands at a point inside it.
WITH shown AS (
    SELECT g.code, g.name, g.kind, right(g.code, 3)::int AS no, b.geom_3857
      FROM grid_boundaries b JOIN grids g ON g.code = b.grid_code
     WHERE b.geom_3857 && ST_TileEnvelope($1, $2, $3, margin => 0.03125)
       AND b.valid @> $5::date
       AND $1 >= 11
),
grids AS (
    SELECT code, name, kind, no,
           ST_AsMVTGeom(ST_Simplify(geom_3857, $4, true), ST_TileEnvelope($1, $2, $3), 4096, 128) AS geom
      FROM shown
),
labels AS (
    SELECT code, name, kind, no,
           ST_AsMVTGeom(ST_PointOnSurface(geom_3857), ST_TileEnvelope($1, $2, $3), 4096, 0) AS geom
      FROM shown
)
SELECT (SELECT ST_AsMVT(grids, 'grids', 4096, 'geom') FROM grids WHERE geom IS NOT NULL)
    || (SELECT ST_AsMVT(labels, 'grids_label', 4096, 'geom') FROM labels WHERE geom IS NOT NULL) AS "tile!"

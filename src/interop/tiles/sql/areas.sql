-- Streets and above at any zoom, villages from zoom 10; an area's label stands at a point inside it.
WITH shown AS (
    SELECT code, kind, name, geom_3857
      FROM areas
     WHERE geom_3857 && ST_TileEnvelope($1, $2, $3, margin => 0.03125)
       AND (length(code) <= 9 OR $1 >= 10)
),
areas AS (
    SELECT code, kind, name,
           ST_AsMVTGeom(ST_Simplify(geom_3857, $4, true), ST_TileEnvelope($1, $2, $3), 4096, 128) AS geom
      FROM shown
),
labels AS (
    SELECT code, kind, name,
           ST_AsMVTGeom(ST_PointOnSurface(geom_3857), ST_TileEnvelope($1, $2, $3), 4096, 0) AS geom
      FROM shown
)
SELECT (SELECT ST_AsMVT(areas, 'areas', 4096, 'geom') FROM areas WHERE geom IS NOT NULL)
    || (SELECT ST_AsMVT(labels, 'areas_label', 4096, 'geom') FROM labels WHERE geom IS NOT NULL) AS "tile!"

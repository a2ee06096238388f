-- The newest $4 at most: a tile that shows a whole county is for seeing where, not for reading each.
WITH newest AS (
    SELECT id, kind, hazard_kind, severity, status, happened_at, geom_3857
      FROM reports
     WHERE geom_3857 && ST_TileEnvelope($1, $2, $3, margin => 0.03125)
       AND $1 >= 10
     ORDER BY happened_at DESC
     LIMIT $4
),
reports AS (
    SELECT id, kind, hazard_kind, severity, status, extract(epoch FROM happened_at)::bigint AS happened,
           ST_AsMVTGeom(geom_3857, ST_TileEnvelope($1, $2, $3), 4096, 128) AS geom
      FROM newest
)
SELECT ST_AsMVT(reports, 'reports', 4096, 'geom') AS "tile!" FROM reports WHERE geom IS NOT NULL

WITH enterprises AS (
    SELECT id, name, category, hazard_class, status,
           ST_AsMVTGeom(geom_3857, ST_TileEnvelope($1, $2, $3), 4096, 128) AS geom
      FROM enterprises
     WHERE geom_3857 && ST_TileEnvelope($1, $2, $3, margin => 0.03125)
       AND $1 >= 12
)
SELECT ST_AsMVT(enterprises, 'enterprises', 4096, 'geom') AS "tile!" FROM enterprises WHERE geom IS NOT NULL

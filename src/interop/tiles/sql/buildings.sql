WITH buildings AS (
    SELECT kind, name, levels, ST_AsMVTGeom(geom_3857, ST_TileEnvelope($1, $2, $3), 4096, 128) AS geom
      FROM buildings
     WHERE geom_3857 && ST_TileEnvelope($1, $2, $3, margin => 0.03125)
       AND $1 >= 14
)
SELECT ST_AsMVT(buildings, 'buildings', 4096, 'geom') AS "tile!" FROM buildings WHERE geom IS NOT NULL

WITH water AS (
    SELECT kind, name,
           ST_AsMVTGeom(ST_Simplify(geom_3857, $4, true), ST_TileEnvelope($1, $2, $3), 4096, 128) AS geom
      FROM water
     WHERE geom_3857 && ST_TileEnvelope($1, $2, $3, margin => 0.03125)
       AND $1 >= CASE WHEN kind IN ('river', 'canal', 'reservoir') THEN 8 ELSE 13 END
)
SELECT ST_AsMVT(water, 'water', 4096, 'geom') AS "tile!" FROM water WHERE geom IS NOT NULL

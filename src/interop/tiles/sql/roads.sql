-- The wider the road, the earlier it shows.
WITH roads AS (
    SELECT class, name, width_m,
           ST_AsMVTGeom(ST_Simplify(geom_3857, $4, true), ST_TileEnvelope($1, $2, $3), 4096, 128) AS geom
      FROM roads
     WHERE geom_3857 && ST_TileEnvelope($1, $2, $3, margin => 0.03125)
       AND $1 >= CASE class WHEN 'highway' THEN 6 WHEN 'main' THEN 9 WHEN 'street' THEN 12 WHEN 'lane' THEN 13
                            ELSE 14 END
)
SELECT ST_AsMVT(roads, 'roads', 4096, 'geom') AS "tile!" FROM roads WHERE geom IS NOT NULL

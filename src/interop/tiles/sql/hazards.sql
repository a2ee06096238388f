WITH hazards AS (
    SELECT id, kind, severity, status, ST_AsMVTGeom(geom_3857, ST_TileEnvelope($1, $2, $3), 4096, 128) AS geom
      FROM hazards
     WHERE geom_3857 && ST_TileEnvelope($1, $2, $3, margin => 0.03125)
       AND $1 >= 11
)
SELECT ST_AsMVT(hazards, 'hazards', 4096, 'geom') AS "tile!" FROM hazards WHERE geom IS NOT NULL

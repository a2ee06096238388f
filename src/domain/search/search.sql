-- Everything that contains the letters: $1 as a pattern of ILIKE, $2 as they were typed, $3 as a pattern of what
-- starts with them. Each kind gives its best 20; $4 is today, for the boundaries in force.
WITH found AS (
    (SELECT 'grid' AS kind, 1 AS place, NULL::uuid AS id, g.code, g.name AS label, a.name AS sublabel,
            ST_PointOnSurface(b.geom) AS at, b.geom AS extent
       FROM grids g
       JOIN areas a ON a.code = g.village_code
       JOIN grid_boundaries b ON b.grid_code = g.code AND b.valid @> $4::date
      WHERE g.name ILIKE $1 OR g.code LIKE $3 OR a.name || g.name ILIKE $1
      ORDER BY g.code LIMIT 20)
    UNION ALL
    (SELECT 'area', 2, NULL, a.code, a.name, coalesce(parent.name, ''), ST_PointOnSurface(a.geom), a.geom
       FROM areas a LEFT JOIN areas parent ON parent.code = a.parent_code
      WHERE (a.name ILIKE $1 OR a.name_en ILIKE $1 OR a.code LIKE $3) AND a.geom IS NOT NULL
      ORDER BY a.code LIMIT 20)
    UNION ALL
    -- A name found among the residents the caller may read says why the household was found.
    (SELECT 'household', 3, h.id, h.code, h.address, coalesce(named.names, h.code), h.geom, NULL
       FROM households h
       LEFT JOIN LATERAL (SELECT string_agg(r.name, '、' ORDER BY r.code) AS names FROM residents r
                           WHERE r.household_id = h.id AND r.name ILIKE $1) AS named ON true
      WHERE h.address ILIKE $1 OR h.code ILIKE $3 OR named.names IS NOT NULL
      ORDER BY h.code LIMIT 20)
    UNION ALL
    (SELECT 'enterprise', 4, e.id, e.code, e.name, coalesce(e.address, e.code), e.geom, NULL
       FROM enterprises e
      WHERE e.name ILIKE $1 OR e.code ILIKE $3 OR e.address ILIKE $1
      ORDER BY e.name ILIKE $3 DESC, e.code LIMIT 20)
    UNION ALL
    (SELECT 'hazard', 5, z.id, z.code, left(z.description, 60), z.code, z.geom, NULL
       FROM hazards z
      WHERE z.description ILIKE $1 OR z.code ILIKE $3
      ORDER BY z.code LIMIT 20)
    UNION ALL
    (SELECT 'report', 6, r.id, r.id::text, left(r.words, 60),
            to_char(r.happened_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI'), r.geom, NULL
       FROM reports r
      WHERE r.words ILIKE $1 OR r.id::text LIKE lower($3)
      ORDER BY r.happened_at DESC LIMIT 20)
)
SELECT kind AS "kind!: FoundKind", id, code AS "code!", label AS "label!", sublabel AS "sublabel!",
       ST_X(at) AS "lon!", ST_Y(at) AS "lat!",
       CASE WHEN extent IS NOT NULL
           THEN ARRAY[ST_XMin(extent), ST_YMin(extent), ST_XMax(extent), ST_YMax(extent)] END AS bbox
  FROM found
 ORDER BY code <> $2, code NOT LIKE $3, label <> $2, label NOT ILIKE $3, place, code
 LIMIT 20

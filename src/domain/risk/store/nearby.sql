-- The reports of happenings.sql within so many metres of a place. The box, in degrees, is for the index and somewhat
-- larger: there are more than 110,574 metres in a degree of latitude everywhere.
SELECT id AS "id!", kind AS "kind!: ReportKind", hazard_kind AS "hazard_kind: HazardKind",
       ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!", severity AS "severity!", status AS "status!: Status",
       happened_at AS "happened_at!"
  FROM reports
 WHERE in_scope(place_code) AND reads_reports_of(kind)
   AND (cardinality($1::text[]) = 0 OR kind = ANY ($1) OR hazard_kind = ANY ($1))
   AND ($2::timestamptz IS NULL OR happened_at >= $2)
   AND ($3::timestamptz IS NULL OR happened_at < $3)
   AND ($4::smallint[] IS NULL OR severity = ANY ($4))
   AND ($5::text[] IS NULL OR status = ANY ($5))
   AND geom && ST_Expand(ST_SetSRID(ST_MakePoint($6, $7), 4326),
                         $8::float8 / (110000 * greatest(cos(radians($7::float8)), 0.01)), $8::float8 / 110000)
 ORDER BY id

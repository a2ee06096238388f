-- Where and when the reports of a question happened. In scope, even for whoever filed elsewhere.
SELECT id AS "id!", ST_X(geom) AS "lon!", ST_Y(geom) AS "lat!", place_code AS "place_code!", enterprise_id, happened_at AS "happened_at!"
  FROM reports
 WHERE in_scope(place_code) AND reads_reports_of(kind)
   AND (cardinality($1::text[]) = 0 OR kind = ANY ($1) OR hazard_kind = ANY ($1))
   AND ($2::timestamptz IS NULL OR happened_at >= $2)
   AND ($3::timestamptz IS NULL OR happened_at < $3)
   AND ($4::smallint[] IS NULL OR severity = ANY ($4))
   AND ($5::text[] IS NULL OR status = ANY ($5))
 ORDER BY id

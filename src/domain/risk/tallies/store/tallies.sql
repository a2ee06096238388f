-- Reports counted by unit (the first digits of their place), day in China, severity and status. In scope, even for
-- whoever filed elsewhere.
SELECT left(place_code, $6) AS "unit!", (happened_at AT TIME ZONE 'Asia/Shanghai')::date AS "day!",
       severity AS "severity!", status AS "status!: Status", count(*) AS "count!"
  FROM reports
 WHERE in_scope(place_code) AND reads_reports_of(kind)
   AND (cardinality($1::text[]) = 0 OR kind = ANY ($1) OR hazard_kind = ANY ($1))
   AND ($2::timestamptz IS NULL OR happened_at >= $2)
   AND ($3::timestamptz IS NULL OR happened_at < $3)
   AND ($4::smallint[] IS NULL OR severity = ANY ($4))
   AND ($5::text[] IS NULL OR status = ANY ($5))
   AND starts_with(place_code, $7)
 GROUP BY 1, 2, severity, status
 ORDER BY 1, 2, severity, status

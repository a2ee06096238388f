-- $1: with telephone and identity numbers. Those and care are absent where row-level security hides them.
SELECT to_jsonb(t) AS "properties!", ST_AsGeoJSON(h.geom, 7)::jsonb AS geometry
  FROM households h, LATERAL (
       SELECT h.code, h.address, h.building_code, h.resident_count, h.floating, h.last_visited_at,
              (SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
                          'code', r.code, 'name', r.name, 'sex', r.sex, 'birth_year', r.birth_year,
                          'relation', r.relation, 'party_member', r.party_member, 'floating', r.floating,
                          'phone', CASE WHEN $1 THEN i.phone END, 'id_number', CASE WHEN $1 THEN i.id_number END,
                          'phone_masked', CASE WHEN NOT $1 THEN r.phone_masked END,
                          'id_number_masked', CASE WHEN NOT $1 THEN r.id_number_masked END,
                          'care', CASE WHEN c.id IS NOT NULL THEN jsonb_build_object('code', c.code, 'kind', c.kind,
                              'details', c.details, 'since', c.since, 'last_visited_at', c.last_visited_at) END))
                          ORDER BY r.code)
                 FROM residents r
                 LEFT JOIN resident_identities i ON i.resident_id = r.id
                 LEFT JOIN special_care c ON c.resident_id = r.id AND c.until IS NULL
                WHERE r.household_id = h.id) AS residents) t
 ORDER BY h.code

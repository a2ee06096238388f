-- Residents by code, in the household they are listed under; whoever moved moves.
INSERT INTO residents AS r (id, code, household_id, place_code, name, sex, birth_year, relation, party_member, floating)
SELECT g.id, g.code, h.id, h.place_code, g.name, g.sex, g.birth_year, coalesce(g.relation, 'other'),
       coalesce(g.party_member, false), coalesce(g.floating, false)
  FROM jsonb_to_recordset($1) AS g (id uuid, code text, household_code text, name text, sex text, birth_year smallint,
        relation text, party_member boolean, floating boolean)
  JOIN households h ON h.code = g.household_code
ON CONFLICT (code) DO UPDATE
   SET household_id = excluded.household_id, place_code = excluded.place_code, name = excluded.name, sex = excluded.sex,
       birth_year = coalesce(excluded.birth_year, r.birth_year), relation = excluded.relation,
       party_member = excluded.party_member, floating = excluded.floating, version = r.version + 1, updated_at = now()

-- Areas by code. A column the file lacks stays as it is; a parent the file does not name is the code's own prefix.
WITH given AS (
    SELECT * FROM jsonb_to_recordset($1) AS g (code text, parent_code text, kind text, name text, name_en text,
        population integer, party_members integer, geom text)
), parents AS (
    SELECT code FROM areas UNION SELECT code FROM given
), written AS (
    INSERT INTO areas AS a (code, parent_code, kind, name, name_en, population, party_members, geom)
    SELECT g.code,
           coalesce(g.parent_code, (SELECT p.code FROM parents p
                WHERE starts_with(g.code, p.code) AND p.code <> g.code ORDER BY length(p.code) DESC LIMIT 1)),
           g.kind, g.name, g.name_en, g.population, g.party_members, ST_SetSRID(g.geom::geometry, 4326)
      FROM given g
    ON CONFLICT (code) DO UPDATE
       SET parent_code = coalesce(excluded.parent_code, a.parent_code), kind = excluded.kind, name = excluded.name,
           name_en = coalesce(excluded.name_en, a.name_en), population = coalesce(excluded.population, a.population),
           party_members = coalesce(excluded.party_members, a.party_members), geom = coalesce(excluded.geom, a.geom),
           version = a.version + 1, updated_at = now()
    RETURNING (xmax = 0) AS created
)
SELECT count(*) FILTER (WHERE created) AS "created!", count(*) FILTER (WHERE NOT created) AS "updated!" FROM written

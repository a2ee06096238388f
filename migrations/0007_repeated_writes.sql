-- A write over a bad connection is sent again. Households, residents, enterprises and hazards carry the id their
-- caller made; the hash of what was sent tells a repetition (the same answer again) from another record under
-- the same id (a conflict). Rows from imports have none.
--
-- Also here: what a grid member cannot compute without seeing past their own grid.

ALTER TABLE households ADD COLUMN content_hash bytea;
ALTER TABLE residents ADD COLUMN content_hash bytea;
ALTER TABLE enterprises ADD COLUMN content_hash bytea;
ALTER TABLE hazards ADD COLUMN content_hash bytea;

-- The next free code with `prefix` in a village: <village>-H0001 for households, -Y0001 for hazards. Codes are
-- unique in the whole village and a grid member sees one grid of it, so this looks past the policies; it gives
-- away a count. The lock holds off others until the code is in use.
CREATE FUNCTION next_code(place text, prefix text) RETURNS text
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public AS $$
DECLARE
    stem text := left(place, 12) || '-' || prefix;
    last bigint;
BEGIN
    IF NOT (in_scope(place) AND prefix IN ('H', 'Y')) THEN
        RAISE insufficient_privilege;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(stem, 0));
    EXECUTE format('SELECT max(substr(code, length($1) + 1)::bigint) FROM %I
                     WHERE code LIKE $1 || ''%%'' AND substr(code, length($1) + 1) ~ ''^[0-9]{1,9}$''',
                   CASE prefix WHEN 'H' THEN 'households' ELSE 'hazards' END)
       INTO last USING stem;
    last := coalesce(last, 0) + 1;
    RETURN stem || CASE WHEN last < 10000 THEN lpad(last::text, 4, '0') ELSE last::text END;
END $$;
REVOKE ALL ON FUNCTION next_code(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION next_code(text, text) TO gridkeeper_app;

-- A household's representation includes its residents, so its version rises when one of them changes; and it
-- counts at least the residents on record. The police register residents but may not edit households.
CREATE FUNCTION residents_changed(household uuid) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public AS $$
    UPDATE households h
       SET resident_count = greatest(h.resident_count, (SELECT count(*) FROM residents r WHERE r.household_id = h.id)),
           version = h.version + 1, updated_at = now()
     WHERE h.id = household AND in_scope(h.place_code) AND acts_as('system', 'grid_member', 'grid_chief', 'police')
$$;
REVOKE ALL ON FUNCTION residents_changed(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION residents_changed(uuid) TO gridkeeper_app;

-- Households and their people. What identifies a person (telephone, identity number) and why someone needs
-- care live in tables of their own with narrower policies: a role that must not see them cannot, whatever a
-- handler selects. The masked forms sit beside the name.
--
-- A resident's place is always their household's: the composite foreign keys carry a household's move to
-- everybody in it.

CREATE FUNCTION mask_phone(phone text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN length(phone) >= 7
        THEN left(phone, 3) || repeat('*', length(phone) - 7) || right(phone, 4)
        ELSE repeat('*', length(phone)) END;

CREATE FUNCTION mask_id_number(id_number text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN length(id_number) >= 10
        THEN left(id_number, 6) || repeat('*', length(id_number) - 8) || right(id_number, 2)
        ELSE repeat('*', length(id_number)) END;

CREATE TABLE households (
    id              uuid PRIMARY KEY,
    code            text NOT NULL,
    place_code      text COLLATE "C" NOT NULL,
    grid_code       text COLLATE "C" GENERATED ALWAYS AS (CASE WHEN length(place_code) = 15 THEN place_code END) STORED,
    address         text NOT NULL,
    building_code   text,
    resident_count  integer NOT NULL DEFAULT 0,
    floating        boolean NOT NULL DEFAULT false,
    last_visited_at timestamptz,
    geom            geometry(Point, 4326) NOT NULL,
    geom_3857       geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    version         integer NOT NULL DEFAULT 1,
    updated_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT households_code_is_unique UNIQUE (code),
    CONSTRAINT households_id_and_place_are_unique UNIQUE (id, place_code),
    CONSTRAINT households_address_is_present CHECK (length(btrim(address)) BETWEEN 1 AND 300),
    CONSTRAINT households_resident_count_is_plausible CHECK (resident_count BETWEEN 0 AND 200),
    CONSTRAINT households_place_is_a_code CHECK (place_code ~ '^[0-9]{2,15}$'),
    CONSTRAINT households_geometry_is_valid CHECK (is_lonlat(geom))
);
CREATE INDEX households_geom ON households USING gist (geom);
CREATE INDEX households_geom_3857 ON households USING gist (geom_3857);
CREATE INDEX households_by_place ON households (place_code);
CREATE INDEX households_by_address ON households USING gin (address gin_trgm_ops);

CREATE TABLE residents (
    id                uuid PRIMARY KEY,
    code              text NOT NULL,
    household_id      uuid NOT NULL,
    place_code        text COLLATE "C" NOT NULL,
    name              text NOT NULL,
    sex               text NOT NULL,
    birth_year        smallint,
    relation          text NOT NULL DEFAULT 'other',
    party_member      boolean NOT NULL DEFAULT false,
    floating          boolean NOT NULL DEFAULT false,
    phone_masked      text,
    id_number_masked  text,
    version           integer NOT NULL DEFAULT 1,
    updated_at        timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT residents_code_is_unique UNIQUE (code),
    CONSTRAINT residents_id_and_place_are_unique UNIQUE (id, place_code),
    CONSTRAINT residents_live_in_a_household FOREIGN KEY (household_id, place_code)
        REFERENCES households (id, place_code) ON UPDATE CASCADE,
    CONSTRAINT residents_name_is_present CHECK (length(btrim(name)) BETWEEN 1 AND 100),
    CONSTRAINT residents_sex_is_known CHECK (sex IN ('male', 'female')),
    CONSTRAINT residents_birth_year_is_plausible CHECK (birth_year BETWEEN 1900 AND 2100),
    CONSTRAINT residents_relation_is_known CHECK (relation IN ('head', 'spouse', 'child', 'parent', 'grandchild', 'sibling', 'other'))
);
CREATE INDEX residents_by_household ON residents (household_id);
CREATE INDEX residents_by_place ON residents (place_code);

CREATE TABLE resident_identities (
    resident_id  uuid PRIMARY KEY,
    place_code   text COLLATE "C" NOT NULL,
    phone        text,
    id_number    text,
    CONSTRAINT resident_identities_belong_to_a_resident FOREIGN KEY (resident_id, place_code)
        REFERENCES residents (id, place_code) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT resident_identities_phone_is_a_number CHECK (phone ~ '^\+?[0-9 -]{5,20}$'),
    CONSTRAINT resident_identities_id_number_has_18_characters CHECK (id_number ~ '^[0-9]{17}[0-9X]$')
);

CREATE TABLE special_care (
    id            uuid PRIMARY KEY,
    code          text NOT NULL,
    resident_id   uuid NOT NULL,
    place_code    text COLLATE "C" NOT NULL,
    kind          text NOT NULL,
    details       text,
    since         date NOT NULL,
    until         date,
    last_visited_at timestamptz,
    CONSTRAINT special_care_code_is_unique UNIQUE (code),
    CONSTRAINT special_care_is_for_a_resident FOREIGN KEY (resident_id, place_code)
        REFERENCES residents (id, place_code) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT special_care_kind_is_known CHECK (kind IN ('empty_nest_elder', 'severe_disability')),
    CONSTRAINT special_care_ends_after_it_starts CHECK (until >= since)
);
CREATE INDEX special_care_by_place ON special_care (place_code);
CREATE INDEX special_care_by_resident ON special_care (resident_id);

-- The masked forms follow the real ones; nobody has to remember to write both.
CREATE FUNCTION write_masked_identity() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    UPDATE residents
       SET phone_masked = mask_phone(NEW.phone), id_number_masked = mask_id_number(NEW.id_number)
     WHERE id = NEW.resident_id;
    RETURN NULL;
END $$;
CREATE TRIGGER resident_identities_are_masked AFTER INSERT OR UPDATE ON resident_identities
    FOR EACH ROW EXECUTE FUNCTION write_masked_identity();

ALTER TABLE households ENABLE ROW LEVEL SECURITY;
ALTER TABLE residents ENABLE ROW LEVEL SECURITY;
ALTER TABLE resident_identities ENABLE ROW LEVEL SECURITY;
ALTER TABLE special_care ENABLE ROW LEVEL SECURITY;

CREATE POLICY households_are_read_by_those_who_call ON households FOR SELECT
    USING (acts_as('system', 'grid_member', 'grid_chief', 'police', 'command', 'administrator') AND in_scope(place_code));
CREATE POLICY households_are_made_by_the_grid ON households FOR INSERT
    WITH CHECK (acts_as('system', 'grid_member', 'grid_chief') AND in_scope(place_code));
CREATE POLICY households_are_changed_by_the_grid ON households FOR UPDATE
    USING (acts_as('system', 'grid_member', 'grid_chief') AND in_scope(place_code))
    WITH CHECK (acts_as('system', 'grid_member', 'grid_chief') AND in_scope(place_code));

CREATE POLICY residents_are_read_by_those_who_call ON residents FOR SELECT
    USING (acts_as('system', 'grid_member', 'grid_chief', 'police', 'command', 'administrator') AND in_scope(place_code));
CREATE POLICY residents_are_made_by_the_grid ON residents FOR INSERT
    WITH CHECK (acts_as('system', 'grid_member', 'grid_chief', 'police') AND in_scope(place_code));
CREATE POLICY residents_are_changed_by_the_grid ON residents FOR UPDATE
    USING (acts_as('system', 'grid_member', 'grid_chief', 'police') AND in_scope(place_code))
    WITH CHECK (acts_as('system', 'grid_member', 'grid_chief', 'police') AND in_scope(place_code));

CREATE POLICY resident_identities_are_read_by_those_who_need_them ON resident_identities FOR SELECT
    USING (acts_as('system', 'grid_member', 'grid_chief', 'police') AND in_scope(place_code));
CREATE POLICY resident_identities_are_made_by_the_grid ON resident_identities FOR INSERT
    WITH CHECK (acts_as('system', 'grid_member', 'grid_chief', 'police') AND in_scope(place_code));
CREATE POLICY resident_identities_are_changed_by_the_grid ON resident_identities FOR UPDATE
    USING (acts_as('system', 'grid_member', 'grid_chief', 'police') AND in_scope(place_code))
    WITH CHECK (acts_as('system', 'grid_member', 'grid_chief', 'police') AND in_scope(place_code));

CREATE POLICY special_care_is_read_by_those_who_visit ON special_care FOR SELECT
    USING (acts_as('system', 'grid_member', 'grid_chief') AND in_scope(place_code));
CREATE POLICY special_care_is_written_by_those_who_visit ON special_care FOR INSERT
    WITH CHECK (acts_as('system', 'grid_member', 'grid_chief') AND in_scope(place_code));
CREATE POLICY special_care_is_changed_by_those_who_visit ON special_care FOR UPDATE
    USING (acts_as('system', 'grid_member', 'grid_chief') AND in_scope(place_code))
    WITH CHECK (acts_as('system', 'grid_member', 'grid_chief') AND in_scope(place_code));

GRANT SELECT, INSERT, UPDATE ON households, residents, resident_identities, special_care TO gridkeeper_app;

-- The 118 enterprises and the places with a known danger. An enterprise's contact person and telephone are
-- apart, for the reason given in 0003.

CREATE TABLE enterprises (
    id                 uuid PRIMARY KEY,
    code               text NOT NULL,
    place_code         text COLLATE "C" NOT NULL,
    grid_code          text COLLATE "C" GENERATED ALWAYS AS (CASE WHEN length(place_code) = 15 THEN place_code END) STORED,
    name               text NOT NULL,
    category           text NOT NULL,
    hazard_class       text NOT NULL,
    floor_area_m2      real,
    staff              integer,
    opens              time,
    closes             time,
    address            text,
    building_code      text,
    status             text NOT NULL DEFAULT 'active',
    last_inspected_at  timestamptz,
    geom               geometry(Point, 4326) NOT NULL,
    geom_3857          geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    version            integer NOT NULL DEFAULT 1,
    updated_at         timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT enterprises_code_is_unique UNIQUE (code),
    CONSTRAINT enterprises_id_and_place_are_unique UNIQUE (id, place_code),
    CONSTRAINT enterprises_code_is_a_social_credit_code CHECK (code ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
    CONSTRAINT enterprises_name_is_present CHECK (length(btrim(name)) BETWEEN 1 AND 200),
    CONSTRAINT enterprises_category_is_known CHECK (category IN ('cold_store', 'garlic_processor', 'packer',
        'farm_supply', 'restaurant', 'shop', 'workshop', 'logistics', 'fuel', 'clinic', 'school', 'other')),
    CONSTRAINT enterprises_hazard_class_is_known CHECK (hazard_class IN ('ammonia_refrigeration', 'freon_refrigeration',
        'flammable_store', 'dust', 'pesticide', 'open_flame', 'crowded', 'pressure_vessel', 'general')),
    CONSTRAINT enterprises_sizes_are_plausible CHECK (floor_area_m2 > 0 AND staff >= 0),
    CONSTRAINT enterprises_status_is_known CHECK (status IN ('active', 'seasonal', 'closed')),
    CONSTRAINT enterprises_place_is_a_code CHECK (place_code ~ '^[0-9]{2,15}$'),
    CONSTRAINT enterprises_geometry_is_valid CHECK (is_lonlat(geom))
);
CREATE INDEX enterprises_geom ON enterprises USING gist (geom);
CREATE INDEX enterprises_geom_3857 ON enterprises USING gist (geom_3857);
CREATE INDEX enterprises_by_place ON enterprises (place_code);
CREATE INDEX enterprises_by_name ON enterprises USING gin (name gin_trgm_ops);

CREATE TABLE enterprise_contacts (
    enterprise_id  uuid PRIMARY KEY,
    place_code     text COLLATE "C" NOT NULL,
    contact_name   text,
    phone          text,
    CONSTRAINT enterprise_contacts_belong_to_an_enterprise FOREIGN KEY (enterprise_id, place_code)
        REFERENCES enterprises (id, place_code) ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT enterprise_contacts_phone_is_a_number CHECK (phone ~ '^\+?[0-9 -]{5,20}$')
);

CREATE TABLE hazards (
    id             uuid PRIMARY KEY,
    code           text NOT NULL,
    place_code     text COLLATE "C" NOT NULL,
    grid_code      text COLLATE "C" GENERATED ALWAYS AS (CASE WHEN length(place_code) = 15 THEN place_code END) STORED,
    kind           text NOT NULL,
    severity       smallint NOT NULL,
    status         text NOT NULL DEFAULT 'open',
    description    text NOT NULL,
    enterprise_id  uuid REFERENCES enterprises (id),
    found_on       date NOT NULL,
    cleared_on     date,
    geom           geometry(Point, 4326) NOT NULL,
    geom_3857      geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    version        integer NOT NULL DEFAULT 1,
    updated_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT hazards_code_is_unique UNIQUE (code),
    CONSTRAINT hazards_kind_is_known CHECK (kind IN ('fire', 'electrical', 'gas', 'ammonia', 'structure', 'traffic',
        'water', 'food', 'chemical', 'other')),
    CONSTRAINT hazards_severity_is_1_to_4 CHECK (severity BETWEEN 1 AND 4),
    CONSTRAINT hazards_status_is_known CHECK (status IN ('open', 'cleared')),
    CONSTRAINT hazards_cleared_have_a_date CHECK ((status = 'cleared') = (cleared_on IS NOT NULL)),
    CONSTRAINT hazards_clear_after_found CHECK (cleared_on >= found_on),
    CONSTRAINT hazards_place_is_a_code CHECK (place_code ~ '^[0-9]{2,15}$'),
    CONSTRAINT hazards_geometry_is_valid CHECK (is_lonlat(geom))
);
CREATE INDEX hazards_geom ON hazards USING gist (geom);
CREATE INDEX hazards_geom_3857 ON hazards USING gist (geom_3857);
CREATE INDEX hazards_by_place ON hazards (place_code, status);
CREATE INDEX hazards_by_enterprise ON hazards (enterprise_id);

ALTER TABLE enterprises ENABLE ROW LEVEL SECURITY;
ALTER TABLE enterprise_contacts ENABLE ROW LEVEL SECURITY;
ALTER TABLE hazards ENABLE ROW LEVEL SECURITY;

CREATE POLICY enterprises_are_read_by_all_but_mediators ON enterprises FOR SELECT
    USING (acts_as('system', 'grid_member', 'grid_chief', 'planner', 'police', 'inspector', 'command', 'administrator')
        AND in_scope(place_code));
CREATE POLICY enterprises_are_made_by_grid_and_inspectors ON enterprises FOR INSERT
    WITH CHECK (acts_as('system', 'grid_member', 'grid_chief', 'inspector', 'administrator') AND in_scope(place_code));
CREATE POLICY enterprises_are_changed_by_grid_and_inspectors ON enterprises FOR UPDATE
    USING (acts_as('system', 'grid_member', 'grid_chief', 'inspector', 'administrator') AND in_scope(place_code))
    WITH CHECK (acts_as('system', 'grid_member', 'grid_chief', 'inspector', 'administrator') AND in_scope(place_code));

CREATE POLICY enterprise_contacts_are_read_by_those_who_call ON enterprise_contacts FOR SELECT
    USING (acts_as('system', 'grid_member', 'grid_chief', 'police', 'inspector') AND in_scope(place_code));
CREATE POLICY enterprise_contacts_are_made_by_grid_and_inspectors ON enterprise_contacts FOR INSERT
    WITH CHECK (acts_as('system', 'grid_member', 'grid_chief', 'inspector') AND in_scope(place_code));
CREATE POLICY enterprise_contacts_are_changed_by_grid_and_inspectors ON enterprise_contacts FOR UPDATE
    USING (acts_as('system', 'grid_member', 'grid_chief', 'inspector') AND in_scope(place_code))
    WITH CHECK (acts_as('system', 'grid_member', 'grid_chief', 'inspector') AND in_scope(place_code));

CREATE POLICY hazards_are_read_by_all_but_mediators ON hazards FOR SELECT
    USING (acts_as('system', 'grid_member', 'grid_chief', 'planner', 'police', 'inspector', 'command', 'administrator')
        AND in_scope(place_code));
CREATE POLICY hazards_are_made_by_those_who_find_them ON hazards FOR INSERT
    WITH CHECK (acts_as('system', 'grid_member', 'grid_chief', 'inspector', 'command') AND in_scope(place_code));
CREATE POLICY hazards_are_changed_by_those_who_clear_them ON hazards FOR UPDATE
    USING (acts_as('system', 'grid_member', 'grid_chief', 'inspector', 'command') AND in_scope(place_code))
    WITH CHECK (acts_as('system', 'grid_member', 'grid_chief', 'inspector', 'command') AND in_scope(place_code));

GRANT SELECT, INSERT, UPDATE ON enterprises, enterprise_contacts, hazards TO gridkeeper_app;

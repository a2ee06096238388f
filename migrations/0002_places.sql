-- Places without people: the hierarchy of areas, grids and their dated boundaries, and what the map is drawn
-- from. Every geometry is WGS84 longitude/latitude (EPSG:4326); a stored Web Mercator copy (EPSG:3857) exists
-- only to cut vector tiles from, because transforming per tile costs a quarter to a third of their time.

-- Names the first thing wrong with a geometry, or NULL: shared by the checks below so that they read alike.
CREATE FUNCTION is_lonlat(geom geometry) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN NOT ST_IsEmpty(geom) AND ST_IsValid(geom)
       AND ST_XMin(geom) >= -180 AND ST_XMax(geom) <= 180
       AND ST_YMin(geom) >= -85 AND ST_YMax(geom) <= 85;

CREATE TABLE areas (
    code        text COLLATE "C" PRIMARY KEY,
    parent_code text COLLATE "C" REFERENCES areas (code),
    kind        text NOT NULL,
    name        text NOT NULL,
    name_en     text,
    population  integer,
    party_members integer,
    geom        geometry(MultiPolygon, 4326),
    geom_3857   geometry(MultiPolygon, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    version     integer NOT NULL DEFAULT 1,
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT areas_code_is_a_division_code CHECK (code ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$'),
    CONSTRAINT areas_parent_is_a_prefix CHECK (parent_code IS NULL OR (starts_with(code, parent_code) AND parent_code <> code)),
    CONSTRAINT areas_kind_is_known CHECK (kind IN ('province', 'city', 'county', 'street', 'town', 'village', 'community')),
    CONSTRAINT areas_name_is_present CHECK (length(btrim(name)) BETWEEN 1 AND 200),
    CONSTRAINT areas_counts_are_not_negative CHECK (population >= 0 AND party_members >= 0),
    CONSTRAINT areas_geometry_is_valid CHECK (is_lonlat(geom))
);
CREATE INDEX areas_geom ON areas USING gist (geom);
CREATE INDEX areas_geom_3857 ON areas USING gist (geom_3857);

CREATE TABLE grids (
    code          text COLLATE "C" PRIMARY KEY,
    village_code  text COLLATE "C" NOT NULL REFERENCES areas (code),
    name          text NOT NULL,
    kind          text NOT NULL DEFAULT 'base',
    version       integer NOT NULL DEFAULT 1,
    updated_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT grids_code_is_15_digits CHECK (code ~ '^[0-9]{15}$'),
    CONSTRAINT grids_code_starts_with_its_village CHECK (length(village_code) = 12 AND starts_with(code, village_code)),
    CONSTRAINT grids_kind_is_known CHECK (kind IN ('base', 'exclusive')),
    CONSTRAINT grids_name_is_present CHECK (length(btrim(name)) BETWEEN 1 AND 200)
);
CREATE INDEX grids_by_village ON grids (village_code);

CREATE TABLE boundary_plans (
    id              uuid PRIMARY KEY,
    village_code    text COLLATE "C" NOT NULL REFERENCES areas (code),
    name            text NOT NULL,
    status          text NOT NULL DEFAULT 'draft',
    effective_from  date,
    created_by      uuid REFERENCES accounts (id),
    created_at      timestamptz NOT NULL DEFAULT now(),
    published_at    timestamptz,
    version         integer NOT NULL DEFAULT 1,
    CONSTRAINT boundary_plans_village_is_12_digits CHECK (village_code ~ '^[0-9]{12}$'),
    CONSTRAINT boundary_plans_status_is_known CHECK (status IN ('draft', 'published', 'superseded')),
    CONSTRAINT boundary_plans_published_have_a_date CHECK (status = 'draft' OR (effective_from IS NOT NULL AND published_at IS NOT NULL))
);
CREATE INDEX boundary_plans_by_village ON boundary_plans (village_code, status);

-- A grid keeps its code; its boundary is valid for a range of dates. A draft's boundaries have no range yet.
CREATE TABLE grid_boundaries (
    id            uuid PRIMARY KEY,
    plan_id       uuid NOT NULL REFERENCES boundary_plans (id),
    grid_code     text COLLATE "C" NOT NULL REFERENCES grids (code),
    valid         daterange,
    geom          geometry(MultiPolygon, 4326) NOT NULL,
    geom_3857     geometry(MultiPolygon, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    CONSTRAINT grid_boundaries_one_per_grid_and_plan UNIQUE (plan_id, grid_code),
    CONSTRAINT grid_boundaries_range_is_not_empty CHECK (NOT isempty(valid)),
    CONSTRAINT grid_boundaries_geometry_is_valid CHECK (is_lonlat(geom)),
    CONSTRAINT grid_boundaries_do_not_overlap_in_time EXCLUDE USING gist (grid_code WITH =, valid WITH &&)
        WHERE (valid IS NOT NULL)
);
CREATE INDEX grid_boundaries_geom ON grid_boundaries USING gist (geom);
CREATE INDEX grid_boundaries_geom_3857 ON grid_boundaries USING gist (geom_3857);

-- place_code, here and below: the grid's code where the place lies in a grid, else the narrowest area known
-- to contain it (village, or street). It is what scope is compared with.
CREATE TABLE buildings (
    id          uuid PRIMARY KEY,
    code        text NOT NULL,
    place_code  text COLLATE "C" NOT NULL,
    kind        text NOT NULL DEFAULT 'other',
    name        text,
    levels      smallint,
    geom        geometry(MultiPolygon, 4326) NOT NULL,
    geom_3857   geometry(MultiPolygon, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT buildings_code_is_unique UNIQUE (code),
    CONSTRAINT buildings_kind_is_known CHECK (kind IN ('house', 'cold_store', 'workshop', 'shop', 'warehouse', 'public', 'greenhouse', 'other')),
    CONSTRAINT buildings_levels_are_plausible CHECK (levels BETWEEN 1 AND 200),
    CONSTRAINT buildings_place_is_a_code CHECK (place_code ~ '^[0-9]{2,15}$'),
    CONSTRAINT buildings_geometry_is_valid CHECK (is_lonlat(geom))
);
CREATE INDEX buildings_geom ON buildings USING gist (geom);
CREATE INDEX buildings_geom_3857 ON buildings USING gist (geom_3857);
CREATE INDEX buildings_by_place ON buildings (place_code);

CREATE TABLE roads (
    id          uuid PRIMARY KEY,
    code        text NOT NULL,
    place_code  text COLLATE "C" NOT NULL,
    class       text NOT NULL,
    name        text,
    width_m     real,
    one_way     boolean NOT NULL DEFAULT false,
    geom        geometry(LineString, 4326) NOT NULL,
    geom_3857   geometry(LineString, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT roads_code_is_unique UNIQUE (code),
    CONSTRAINT roads_class_is_known CHECK (class IN ('highway', 'main', 'street', 'lane', 'path', 'footway')),
    CONSTRAINT roads_width_is_plausible CHECK (width_m > 0 AND width_m <= 200),
    CONSTRAINT roads_place_is_a_code CHECK (place_code ~ '^[0-9]{2,15}$'),
    CONSTRAINT roads_geometry_is_valid CHECK (is_lonlat(geom))
);
CREATE INDEX roads_geom ON roads USING gist (geom);
CREATE INDEX roads_geom_3857 ON roads USING gist (geom_3857);
CREATE INDEX roads_by_place ON roads (place_code);

CREATE TABLE water (
    id          uuid PRIMARY KEY,
    code        text NOT NULL,
    place_code  text COLLATE "C" NOT NULL,
    kind        text NOT NULL,
    name        text,
    geom        geometry(Geometry, 4326) NOT NULL,
    geom_3857   geometry(Geometry, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT water_code_is_unique UNIQUE (code),
    CONSTRAINT water_kind_is_known CHECK (kind IN ('pond', 'ditch', 'canal', 'river', 'reservoir')),
    CONSTRAINT water_place_is_a_code CHECK (place_code ~ '^[0-9]{2,15}$'),
    CONSTRAINT water_geometry_is_a_line_or_an_area CHECK (GeometryType(geom) IN ('LINESTRING', 'MULTILINESTRING', 'POLYGON', 'MULTIPOLYGON')),
    CONSTRAINT water_geometry_is_valid CHECK (is_lonlat(geom))
);
CREATE INDEX water_geom ON water USING gist (geom);
CREATE INDEX water_geom_3857 ON water USING gist (geom_3857);
CREATE INDEX water_by_place ON water (place_code);

ALTER TABLE areas ENABLE ROW LEVEL SECURITY;
ALTER TABLE grids ENABLE ROW LEVEL SECURITY;
ALTER TABLE boundary_plans ENABLE ROW LEVEL SECURITY;
ALTER TABLE grid_boundaries ENABLE ROW LEVEL SECURITY;
ALTER TABLE buildings ENABLE ROW LEVEL SECURITY;
ALTER TABLE roads ENABLE ROW LEVEL SECURITY;
ALTER TABLE water ENABLE ROW LEVEL SECURITY;

-- An area is also visible from below: the village of a grid, the street of a village, up to the province.
CREATE POLICY areas_are_read_in_the_street ON areas FOR SELECT
    USING (acts_as('system') OR in_map_scope(code) OR in_scope(code)
        OR starts_with(current_setting('gridkeeper.scope_from', true), code));
CREATE POLICY areas_are_made_by_administrators ON areas FOR INSERT
    WITH CHECK (acts_as('system', 'administrator') AND in_scope(code));
CREATE POLICY areas_are_changed_by_administrators ON areas FOR UPDATE
    USING (acts_as('system', 'administrator') AND in_scope(code))
    WITH CHECK (acts_as('system', 'administrator') AND in_scope(code));

CREATE POLICY grids_are_read_in_the_street ON grids FOR SELECT
    USING (acts_as('system') OR in_map_scope(code) OR in_scope(code));
CREATE POLICY grids_are_made_by_planners ON grids FOR INSERT
    WITH CHECK (acts_as('system', 'administrator', 'planner') AND in_scope(code));
CREATE POLICY grids_are_changed_by_planners ON grids FOR UPDATE
    USING (acts_as('system', 'administrator', 'planner') AND in_scope(code))
    WITH CHECK (acts_as('system', 'administrator', 'planner') AND in_scope(code));

-- Published plans are everybody's map; drafts are for those who draw and decide.
CREATE POLICY boundary_plans_are_read_when_published ON boundary_plans FOR SELECT
    USING (acts_as('system') OR (status <> 'draft' AND (in_map_scope(village_code) OR in_scope(village_code)))
        OR (acts_as('planner', 'grid_chief', 'command', 'administrator') AND in_scope(village_code)));
CREATE POLICY boundary_plans_are_made_by_planners ON boundary_plans FOR INSERT
    WITH CHECK (acts_as('system', 'administrator', 'planner') AND in_scope(village_code));
CREATE POLICY boundary_plans_are_changed_by_planners ON boundary_plans FOR UPDATE
    USING (acts_as('system', 'administrator', 'planner') AND in_scope(village_code))
    WITH CHECK (acts_as('system', 'administrator', 'planner') AND in_scope(village_code));

CREATE POLICY grid_boundaries_are_read_when_published ON grid_boundaries FOR SELECT
    USING (acts_as('system') OR (valid IS NOT NULL AND (in_map_scope(grid_code) OR in_scope(grid_code)))
        OR (acts_as('planner', 'grid_chief', 'command', 'administrator') AND in_scope(grid_code)));
CREATE POLICY grid_boundaries_are_drawn_by_planners ON grid_boundaries FOR INSERT
    WITH CHECK (acts_as('system', 'administrator', 'planner') AND in_scope(grid_code));
CREATE POLICY grid_boundaries_are_changed_by_planners ON grid_boundaries FOR UPDATE
    USING (acts_as('system', 'administrator', 'planner') AND in_scope(grid_code))
    WITH CHECK (acts_as('system', 'administrator', 'planner') AND in_scope(grid_code));
-- Only a draft can be thrown away: history is never rewritten.
CREATE POLICY grid_boundaries_drafts_are_removed_by_planners ON grid_boundaries FOR DELETE
    USING (valid IS NULL AND acts_as('system', 'administrator', 'planner') AND in_scope(grid_code));

CREATE POLICY buildings_are_read_in_the_street ON buildings FOR SELECT
    USING (acts_as('system') OR in_map_scope(place_code) OR in_scope(place_code));
CREATE POLICY buildings_are_written_by_administrators ON buildings FOR ALL
    USING (acts_as('system', 'administrator') AND in_scope(place_code))
    WITH CHECK (acts_as('system', 'administrator') AND in_scope(place_code));
CREATE POLICY roads_are_read_in_the_street ON roads FOR SELECT
    USING (acts_as('system') OR in_map_scope(place_code) OR in_scope(place_code));
CREATE POLICY roads_are_written_by_administrators ON roads FOR ALL
    USING (acts_as('system', 'administrator') AND in_scope(place_code))
    WITH CHECK (acts_as('system', 'administrator') AND in_scope(place_code));
CREATE POLICY water_is_read_in_the_street ON water FOR SELECT
    USING (acts_as('system') OR in_map_scope(place_code) OR in_scope(place_code));
CREATE POLICY water_is_written_by_administrators ON water FOR ALL
    USING (acts_as('system', 'administrator') AND in_scope(place_code))
    WITH CHECK (acts_as('system', 'administrator') AND in_scope(place_code));

GRANT SELECT, INSERT, UPDATE ON areas, grids, boundary_plans TO gridkeeper_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON grid_boundaries, buildings, roads, water TO gridkeeper_app;

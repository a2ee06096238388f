-- Patrols that are kept: planned, published, walked. Who walks one sees it, and whoever leads them; its stops name
-- people in special care and are seen by the same eyes. The track is a person's whereabouts: it is recorded while
-- they are on patrol, seen by them and their chief alone, and thinned to the cells it went through when its time is
-- over. What the phone did is kept with the phone's own time and the time it was received: phones' clocks go wrong,
-- and what was done without a signal arrives late.

CREATE TABLE patrols (
    id              uuid PRIMARY KEY,
    place_code      text COLLATE "C" NOT NULL,
    worker_id       uuid NOT NULL REFERENCES accounts (id),
    worker_role     text NOT NULL,
    planned_by      uuid NOT NULL REFERENCES accounts (id),
    on_date         date NOT NULL,
    mode            text NOT NULL,
    status          text NOT NULL DEFAULT 'draft',
    shift_from      timestamptz NOT NULL,
    shift_to        timestamptz NOT NULL,
    start_geom      geometry(Point, 4326) NOT NULL,
    start_label     text NOT NULL,
    plan            jsonb NOT NULL,
    content_hash    bytea NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    published_at    timestamptz,
    started_at      timestamptz,
    started_received_at  timestamptz,
    finished_at     timestamptz,
    finished_received_at timestamptz,
    track_thinned_at     timestamptz,
    version         integer NOT NULL DEFAULT 1,
    CONSTRAINT patrols_mode_is_known CHECK (mode IN ('foot', 'e_bike', 'car')),
    CONSTRAINT patrols_status_is_known CHECK (status IN ('draft', 'published', 'under_way', 'finished')),
    CONSTRAINT patrols_worker_role_walks CHECK (worker_role IN ('grid_member', 'grid_chief', 'inspector')),
    CONSTRAINT patrols_shift_ends_after_it_starts CHECK (shift_to > shift_from),
    CONSTRAINT patrols_place_is_a_code CHECK (place_code ~ '^[0-9]{2,15}$'),
    CONSTRAINT patrols_start_is_valid CHECK (is_lonlat(start_geom))
);
CREATE INDEX patrols_by_place ON patrols (place_code, on_date);
CREATE INDEX patrols_by_worker ON patrols (worker_id, on_date);

CREATE TABLE patrol_stops (
    id              uuid PRIMARY KEY,
    patrol_id       uuid NOT NULL REFERENCES patrols (id) ON DELETE CASCADE,
    no              integer NOT NULL,
    target_kind     text NOT NULL,
    target_id       uuid NOT NULL,
    geom            geometry(Point, 4326) NOT NULL,
    arrive          timestamptz NOT NULL,
    leave           timestamptz NOT NULL,
    detail          jsonb NOT NULL,
    state           text NOT NULL DEFAULT 'planned',
    deed_id         uuid,
    happened_at     timestamptz,
    phone_at        timestamptz,
    received_at     timestamptz,
    deed_geom       geometry(Point, 4326),
    accuracy_m      real,
    distance_m      real,
    distant         boolean NOT NULL DEFAULT false,
    reason          text,
    CONSTRAINT patrol_stops_target_is_known CHECK (target_kind IN ('household', 'special_care', 'enterprise', 'hazard')),
    CONSTRAINT patrol_stops_state_is_known CHECK (state IN ('planned', 'checked_in', 'skipped')),
    CONSTRAINT patrol_stops_name_a_target_once UNIQUE (patrol_id, target_kind, target_id),
    CONSTRAINT patrol_stops_distant_have_a_reason CHECK (NOT distant OR reason IS NOT NULL),
    CONSTRAINT patrol_stops_skipped_have_a_reason CHECK (state <> 'skipped' OR reason IS NOT NULL),
    CONSTRAINT patrol_stops_reason_is_short CHECK (length(reason) <= 500),
    CONSTRAINT patrol_stops_geometry_is_valid CHECK (is_lonlat(geom) AND is_lonlat(deed_geom))
);
CREATE INDEX patrol_stops_by_patrol ON patrol_stops (patrol_id, no);

CREATE TABLE patrol_tracks (
    patrol_id    uuid NOT NULL REFERENCES patrols (id) ON DELETE CASCADE,
    at           timestamptz NOT NULL,
    received_at  timestamptz NOT NULL,
    account_id   uuid NOT NULL REFERENCES accounts (id),
    place_code   text COLLATE "C" NOT NULL,
    geom         geometry(Point, 4326) NOT NULL,
    accuracy_m   real,
    PRIMARY KEY (patrol_id, at),
    CONSTRAINT patrol_tracks_geometry_is_valid CHECK (is_lonlat(geom))
);

-- Where a road is closed, and when. Whoever goes anywhere in the street goes round it.
CREATE TABLE road_closures (
    id          uuid PRIMARY KEY,
    place_code  text COLLATE "C" NOT NULL,
    geom        geometry(Point, 4326) NOT NULL,
    from_day    date NOT NULL,
    until_day   date,
    reason      text NOT NULL,
    made_by     uuid REFERENCES accounts (id),
    lifted_at   timestamptz,
    CONSTRAINT road_closures_reason_is_present CHECK (length(btrim(reason)) BETWEEN 1 AND 500),
    CONSTRAINT road_closures_end_after_they_start CHECK (until_day >= from_day),
    CONSTRAINT road_closures_place_is_a_code CHECK (place_code ~ '^[0-9]{2,15}$'),
    CONSTRAINT road_closures_geometry_is_valid CHECK (is_lonlat(geom))
);
CREATE INDEX road_closures_by_place ON road_closures (place_code);

ALTER TABLE patrols ENABLE ROW LEVEL SECURITY;
ALTER TABLE patrol_stops ENABLE ROW LEVEL SECURITY;
ALTER TABLE patrol_tracks ENABLE ROW LEVEL SECURITY;
ALTER TABLE road_closures ENABLE ROW LEVEL SECURITY;

-- A grid member's chief leads the village; an inspector's is the street's command centre.
CREATE FUNCTION leads_walker(worker_role text, place_code text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE WHEN worker_role = 'inspector' THEN acts_as('command') ELSE acts_as('grid_chief') END
       AND in_scope(place_code);

CREATE POLICY patrols_are_read_by_their_walker_and_chief ON patrols FOR SELECT
    USING (acts_as('system') OR worker_id = current_account() OR planned_by = current_account()
        OR leads_walker(worker_role, place_code));
CREATE POLICY patrols_are_planned_for_oneself_or_ones_people ON patrols FOR INSERT
    WITH CHECK (acts_as('system') OR (planned_by = current_account() AND in_scope(place_code)
        AND acts_as('grid_member', 'grid_chief', 'inspector', 'command')
        AND (worker_id = current_account() OR leads_walker(worker_role, place_code)
            OR (acts_as('inspector') AND worker_role = 'inspector'))));
CREATE POLICY patrols_are_changed_by_their_walker_and_chief ON patrols FOR UPDATE
    USING (acts_as('system') OR worker_id = current_account() OR planned_by = current_account()
        OR leads_walker(worker_role, place_code));

CREATE POLICY patrol_stops_are_read_with_their_patrol ON patrol_stops FOR SELECT
    USING (EXISTS (SELECT FROM patrols p WHERE p.id = patrol_id));
CREATE POLICY patrol_stops_are_made_with_their_patrol ON patrol_stops FOR INSERT
    WITH CHECK (EXISTS (SELECT FROM patrols p WHERE p.id = patrol_id));
CREATE POLICY patrol_stops_are_changed_with_their_patrol ON patrol_stops FOR UPDATE
    USING (EXISTS (SELECT FROM patrols p WHERE p.id = patrol_id));
CREATE POLICY patrol_stops_go_when_the_plan_changes ON patrol_stops FOR DELETE
    USING (state = 'planned' AND EXISTS (SELECT FROM patrols p WHERE p.id = patrol_id));

CREATE POLICY patrol_tracks_are_read_by_their_walker_and_chief ON patrol_tracks FOR SELECT
    USING (acts_as('system') OR account_id = current_account()
        OR EXISTS (SELECT FROM patrols p WHERE p.id = patrol_id AND leads_walker(p.worker_role, p.place_code)));
CREATE POLICY patrol_tracks_are_recorded_by_their_walker ON patrol_tracks FOR INSERT
    WITH CHECK (acts_as('system') OR (account_id = current_account()
        AND EXISTS (SELECT FROM patrols p WHERE p.id = patrol_id AND p.worker_id = current_account()
                       AND p.started_at IS NOT NULL)));
CREATE POLICY patrol_tracks_are_thinned_by_the_service ON patrol_tracks FOR DELETE USING (acts_as('system'));

CREATE POLICY road_closures_are_read_in_the_street ON road_closures FOR SELECT
    USING (acts_as('system') OR in_map_scope(place_code) OR in_scope(place_code));
CREATE POLICY road_closures_are_made_by_those_who_are_there ON road_closures FOR INSERT
    WITH CHECK (acts_as('system', 'grid_member', 'grid_chief', 'command', 'police') AND in_map_scope(place_code));
CREATE POLICY road_closures_are_lifted_by_those_who_are_there ON road_closures FOR UPDATE
    USING (acts_as('system', 'grid_member', 'grid_chief', 'command', 'police') AND in_map_scope(place_code));

GRANT SELECT, INSERT, UPDATE ON patrols, road_closures TO gridkeeper_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON patrol_stops TO gridkeeper_app;
GRANT SELECT, INSERT, DELETE ON patrol_tracks TO gridkeeper_app;

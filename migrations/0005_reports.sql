-- What people tell us: reports, what became of them, their photos, and the calls made at doors.
--
-- A report's place never changes: it belongs to the grid that was valid where and when it happened. The events
-- of a report are append-only; the service has no right to change or delete them. Nothing here is a unique
-- constraint beyond the primary key, so reports can be partitioned by time later.

CREATE TABLE reports (
    id                uuid PRIMARY KEY,
    content_hash      bytea NOT NULL,
    place_code        text COLLATE "C" NOT NULL,
    grid_code         text COLLATE "C" GENERATED ALWAYS AS (CASE WHEN length(place_code) = 15 THEN place_code END) STORED,
    boundary_plan_id  uuid REFERENCES boundary_plans (id),
    kind              text NOT NULL,
    hazard_kind       text,
    severity          smallint NOT NULL,
    words             text NOT NULL,
    status            text NOT NULL DEFAULT 'open',
    resolved_on_spot  boolean NOT NULL DEFAULT false,
    department        text,
    happened_at       timestamptz NOT NULL,
    received_at       timestamptz NOT NULL DEFAULT now(),
    closed_at         timestamptz,
    reported_by       uuid REFERENCES accounts (id),
    enterprise_id     uuid REFERENCES enterprises (id),
    accuracy_m        real,
    boundary_m        real,
    near_boundary     boolean NOT NULL DEFAULT false,
    nearest_grid_code text COLLATE "C",
    given_crs         text NOT NULL DEFAULT 'wgs84',
    given_x           double precision NOT NULL,
    given_y           double precision NOT NULL,
    geom              geometry(Point, 4326) NOT NULL,
    geom_3857         geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    version           integer NOT NULL DEFAULT 1,
    updated_at        timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT reports_kind_is_known CHECK (kind IN ('hazard', 'dispute', 'request', 'opinion', 'help')),
    CONSTRAINT reports_hazard_kind_is_known CHECK (hazard_kind IN ('fire', 'electrical', 'gas', 'ammonia', 'structure',
        'traffic', 'water', 'food', 'chemical', 'other')),
    CONSTRAINT reports_only_hazards_have_a_hazard_kind CHECK (kind = 'hazard' OR hazard_kind IS NULL),
    CONSTRAINT reports_severity_is_1_to_4 CHECK (severity BETWEEN 1 AND 4),
    CONSTRAINT reports_words_are_present CHECK (length(btrim(words)) BETWEEN 1 AND 4000),
    CONSTRAINT reports_status_is_known CHECK (status IN ('open', 'coordinating', 'escalated', 'dispatched', 'resolved', 'closed')),
    CONSTRAINT reports_on_the_spot_are_resolved CHECK (NOT resolved_on_spot OR status IN ('resolved', 'closed')),
    CONSTRAINT reports_dispatched_have_a_department CHECK (status <> 'dispatched' OR department IS NOT NULL),
    CONSTRAINT reports_department_is_known CHECK (department IN ('fire', 'safety', 'police', 'law_enforcement', 'market_supervision')),
    CONSTRAINT reports_crs_is_known CHECK (given_crs IN ('wgs84', 'cgcs2000', 'gcj02', 'bd09')),
    CONSTRAINT reports_accuracy_is_plausible CHECK (accuracy_m >= 0 AND accuracy_m <= 100000),
    CONSTRAINT reports_place_is_a_code CHECK (place_code ~ '^[0-9]{2,15}$'),
    CONSTRAINT reports_geometry_is_valid CHECK (is_lonlat(geom))
);
CREATE INDEX reports_geom ON reports USING gist (geom);
CREATE INDEX reports_geom_3857 ON reports USING gist (geom_3857);
CREATE INDEX reports_by_place ON reports (place_code, happened_at DESC);
CREATE INDEX reports_by_time ON reports (happened_at DESC, id DESC);

CREATE TABLE report_events (
    id           uuid PRIMARY KEY,
    report_id    uuid NOT NULL REFERENCES reports (id),
    place_code   text COLLATE "C" NOT NULL,
    report_kind  text NOT NULL,
    at           timestamptz NOT NULL DEFAULT now(),
    account_id   uuid REFERENCES accounts (id),
    action       text NOT NULL,
    from_status  text,
    to_status    text,
    note         text,
    CONSTRAINT report_events_action_is_known CHECK (action IN ('filed', 'resolved_on_spot', 'coordinate', 'escalate',
        'dispatch', 'resolve', 'close', 'rework', 'note', 'attach', 'edit')),
    CONSTRAINT report_events_note_is_short CHECK (length(note) <= 4000)
);
CREATE INDEX report_events_by_report ON report_events (report_id, at);

-- Photos live in the database: the same transaction, the same policies and the same backup as the report they
-- belong to, on every instance alike.
CREATE TABLE report_attachments (
    id           uuid PRIMARY KEY,
    report_id    uuid NOT NULL REFERENCES reports (id),
    place_code   text COLLATE "C" NOT NULL,
    report_kind  text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    created_by   uuid REFERENCES accounts (id),
    media_type   text NOT NULL,
    sha256       bytea NOT NULL,
    content      bytea NOT NULL,
    CONSTRAINT report_attachments_type_is_a_photo CHECK (media_type IN ('image/jpeg', 'image/png', 'image/webp')),
    CONSTRAINT report_attachments_size_is_limited CHECK (octet_length(content) BETWEEN 1 AND 10485760)
);
CREATE INDEX report_attachments_by_report ON report_attachments (report_id);
ALTER TABLE report_attachments ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE visits (
    id           uuid PRIMARY KEY,
    place_code   text COLLATE "C" NOT NULL,
    account_id   uuid REFERENCES accounts (id),
    target_kind  text NOT NULL,
    target_id    uuid NOT NULL,
    purpose      text NOT NULL,
    result       text NOT NULL,
    note         text,
    visited_at   timestamptz NOT NULL,
    geom         geometry(Point, 4326),
    CONSTRAINT visits_target_is_known CHECK (target_kind IN ('household', 'special_care', 'enterprise', 'hazard')),
    CONSTRAINT visits_result_is_known CHECK (result IN ('done', 'nobody_home', 'refused', 'hazard_found')),
    CONSTRAINT visits_note_is_short CHECK (length(note) <= 4000),
    CONSTRAINT visits_place_is_a_code CHECK (place_code ~ '^[0-9]{2,15}$'),
    CONSTRAINT visits_geometry_is_valid CHECK (is_lonlat(geom))
);
CREATE INDEX visits_by_place ON visits (place_code, visited_at DESC);
CREATE INDEX visits_by_target ON visits (target_kind, target_id, visited_at DESC);

-- Which kinds of report a role works with: mediators hear disputes, inspectors look for hazards, the police
-- have no business with opinions, planners see counts (through grid_figures) and no case.
CREATE FUNCTION reads_reports_of(kind text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN CASE current_setting('gridkeeper.role', true)
        WHEN 'system' THEN true
        WHEN 'grid_member' THEN true
        WHEN 'grid_chief' THEN true
        WHEN 'command' THEN true
        WHEN 'mediator' THEN kind = 'dispute'
        WHEN 'inspector' THEN kind = 'hazard'
        WHEN 'police' THEN kind <> 'opinion'
        ELSE false END;

ALTER TABLE reports ENABLE ROW LEVEL SECURITY;
ALTER TABLE report_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE report_attachments ENABLE ROW LEVEL SECURITY;
ALTER TABLE visits ENABLE ROW LEVEL SECURITY;

-- Whoever filed a report may follow it, wherever it lies.
CREATE POLICY reports_are_read_in_scope ON reports FOR SELECT
    USING ((reads_reports_of(kind) AND in_scope(place_code)) OR reported_by = current_account());
-- Anybody signed in who handles reports may file one anywhere in the street: a grid member who sees a fire
-- across the boundary reports it, and it goes to the neighbour.
CREATE POLICY reports_are_filed_in_the_street ON reports FOR INSERT
    WITH CHECK (acts_as('system') OR (acts_as('grid_member', 'grid_chief', 'mediator', 'police', 'inspector', 'command')
        AND reported_by = current_account() AND (in_map_scope(place_code) OR in_scope(place_code))));
CREATE POLICY reports_are_worked_on_in_scope ON reports FOR UPDATE
    USING (acts_as('system', 'grid_member', 'grid_chief', 'mediator', 'police', 'inspector', 'command')
        AND reads_reports_of(kind) AND in_scope(place_code))
    WITH CHECK (acts_as('system', 'grid_member', 'grid_chief', 'mediator', 'police', 'inspector', 'command')
        AND reads_reports_of(kind) AND in_scope(place_code));

CREATE FUNCTION filed_by_current_account(report uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public
    RETURN EXISTS (SELECT FROM reports WHERE id = report AND reported_by = current_account());

CREATE POLICY report_events_are_read_with_their_report ON report_events FOR SELECT
    USING ((reads_reports_of(report_kind) AND in_scope(place_code)) OR filed_by_current_account(report_id));
CREATE POLICY report_events_are_appended_with_their_report ON report_events FOR INSERT
    WITH CHECK (acts_as('system') OR (account_id = current_account()
        AND ((reads_reports_of(report_kind) AND in_scope(place_code)) OR action IN ('filed', 'resolved_on_spot')
            OR filed_by_current_account(report_id))));
CREATE POLICY report_attachments_are_read_with_their_report ON report_attachments FOR SELECT
    USING ((reads_reports_of(report_kind) AND in_scope(place_code)) OR filed_by_current_account(report_id));
CREATE POLICY report_attachments_are_added_with_their_report ON report_attachments FOR INSERT
    WITH CHECK (acts_as('system') OR (created_by = current_account()
        AND ((reads_reports_of(report_kind) AND in_scope(place_code)) OR filed_by_current_account(report_id))));

CREATE POLICY visits_are_read_in_scope ON visits FOR SELECT
    USING (acts_as('system') OR account_id = current_account()
        OR (acts_as('grid_member', 'grid_chief', 'command') AND in_scope(place_code))
        OR (acts_as('inspector') AND target_kind IN ('enterprise', 'hazard') AND in_scope(place_code)));
CREATE POLICY visits_are_recorded_in_scope ON visits FOR INSERT
    WITH CHECK (acts_as('system') OR (account_id = current_account() AND in_scope(place_code)
        AND (acts_as('grid_member', 'grid_chief')
            OR (acts_as('inspector', 'police') AND target_kind IN ('enterprise', 'hazard')))));

GRANT SELECT, INSERT, UPDATE ON reports TO gridkeeper_app;
GRANT SELECT, INSERT ON report_events, report_attachments, visits TO gridkeeper_app;

-- A boundary plan is drawn before it is published: by several hands, over days, with every step kept so that it can
-- be taken back. What is being drawn lives apart from the boundaries in force (grid_boundaries), so that nothing which
-- reads those ever meets a line that nobody has approved.
--
-- A plan goes draft → submitted → approved → published → superseded; it may come back to draft, or be discarded.
-- Whoever draws does not approve: the policies below let planners write every state but 'approved', and the grid
-- chief and the street write that one and no other.

ALTER TABLE boundary_plans
    DROP CONSTRAINT boundary_plans_status_is_known,
    DROP CONSTRAINT boundary_plans_published_have_a_date,
    ADD COLUMN base_plan_id uuid REFERENCES boundary_plans (id),
    ADD COLUMN notice text,
    ADD COLUMN handover text,
    ADD COLUMN least_households integer,
    ADD COLUMN most_households integer,
    ADD COLUMN enterprise_weight real,
    ADD COLUMN submitted_by uuid REFERENCES accounts (id),
    ADD COLUMN submitted_at timestamptz,
    ADD COLUMN decided_by uuid REFERENCES accounts (id),
    ADD COLUMN decided_at timestamptz,
    ADD COLUMN decision_note text,
    ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now(),
    ADD CONSTRAINT boundary_plans_status_is_known CHECK (status IN ('draft', 'submitted', 'approved', 'published',
        'superseded', 'discarded')),
    ADD CONSTRAINT boundary_plans_published_have_a_date CHECK (status NOT IN ('published', 'superseded')
        OR (effective_from IS NOT NULL AND published_at IS NOT NULL)),
    ADD CONSTRAINT boundary_plans_name_is_present CHECK (length(btrim(name)) BETWEEN 1 AND 200),
    ADD CONSTRAINT boundary_plans_notice_is_short CHECK (length(notice) <= 4000),
    ADD CONSTRAINT boundary_plans_note_is_short CHECK (length(decision_note) <= 4000),
    ADD CONSTRAINT boundary_plans_handover_is_known CHECK (handover IN ('stay', 'follow')),
    ADD CONSTRAINT boundary_plans_sizes_are_plausible CHECK (least_households >= 0
        AND most_households >= least_households AND enterprise_weight BETWEEN 0 AND 1000);

DROP POLICY boundary_plans_are_read_when_published ON boundary_plans;
CREATE POLICY boundary_plans_are_read_when_published ON boundary_plans FOR SELECT
    USING (acts_as('system')
        OR (status IN ('published', 'superseded') AND (in_map_scope(village_code) OR in_scope(village_code)))
        OR (acts_as('planner', 'grid_chief', 'command', 'administrator') AND in_scope(village_code)));
DROP POLICY boundary_plans_are_changed_by_planners ON boundary_plans;
CREATE POLICY boundary_plans_are_changed_by_planners ON boundary_plans FOR UPDATE
    USING (acts_as('system', 'administrator', 'planner') AND in_scope(village_code))
    WITH CHECK (acts_as('system') OR (acts_as('administrator', 'planner') AND in_scope(village_code) AND status <> 'approved'));
CREATE POLICY boundary_plans_are_decided_by_chief_and_street ON boundary_plans FOR UPDATE
    USING (acts_as('grid_chief', 'command') AND in_scope(village_code) AND status IN ('submitted', 'approved'))
    WITH CHECK (acts_as('grid_chief', 'command') AND in_scope(village_code) AND status IN ('draft', 'approved'));

-- `start` is what the first step was made on, `state` what the last one left: the grids with their borders as shared
-- arcs, their names and what is locked. `position` counts the steps that are in force; those above it were taken back
-- and can be made again.
CREATE TABLE plan_drafts (
    plan_id       uuid PRIMARY KEY REFERENCES boundary_plans (id),
    village_code  text COLLATE "C" NOT NULL REFERENCES areas (code),
    start         jsonb NOT NULL,
    state         jsonb NOT NULL,
    position      integer NOT NULL DEFAULT 0,
    CONSTRAINT plan_drafts_position_is_not_negative CHECK (position >= 0)
);

-- One step: what one person did with one gesture. Every few steps keep the state they left, so that taking a step back
-- repeats few of them.
CREATE TABLE plan_edits (
    plan_id       uuid NOT NULL REFERENCES plan_drafts (plan_id),
    position      integer NOT NULL,
    id            uuid NOT NULL,
    village_code  text COLLATE "C" NOT NULL,
    account_id    uuid REFERENCES accounts (id),
    at            timestamptz NOT NULL,
    operations    jsonb NOT NULL,
    state         jsonb,
    PRIMARY KEY (plan_id, position),
    CONSTRAINT plan_edits_id_is_unique UNIQUE (id),
    CONSTRAINT plan_edits_position_is_positive CHECK (position > 0)
);

ALTER TABLE plan_drafts ENABLE ROW LEVEL SECURITY;
ALTER TABLE plan_edits ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_drafts_are_read_by_those_who_draw_and_decide ON plan_drafts FOR SELECT
    USING (acts_as('system', 'planner', 'grid_chief', 'command', 'administrator') AND in_scope(village_code));
CREATE POLICY plan_drafts_are_made_by_planners ON plan_drafts FOR INSERT
    WITH CHECK (acts_as('system', 'administrator', 'planner') AND in_scope(village_code));
CREATE POLICY plan_drafts_are_changed_by_planners ON plan_drafts FOR UPDATE
    USING (acts_as('system', 'administrator', 'planner') AND in_scope(village_code))
    WITH CHECK (acts_as('system', 'administrator', 'planner') AND in_scope(village_code));
CREATE POLICY plan_edits_are_read_by_those_who_draw_and_decide ON plan_edits FOR SELECT
    USING (acts_as('system', 'planner', 'grid_chief', 'command', 'administrator') AND in_scope(village_code));
CREATE POLICY plan_edits_are_made_by_planners ON plan_edits FOR INSERT
    WITH CHECK (acts_as('system', 'administrator', 'planner') AND in_scope(village_code));
CREATE POLICY plan_edits_are_dropped_by_planners ON plan_edits FOR DELETE
    USING (acts_as('system', 'administrator', 'planner') AND in_scope(village_code));
GRANT SELECT, INSERT, UPDATE ON plan_drafts TO gridkeeper_app;
GRANT SELECT, INSERT, DELETE ON plan_edits TO gridkeeper_app;

-- What a plan is weighed by, place by place: numbers only. A planner may not read a household or a case; to draw a fair
-- border they must know how many people live on either side of it. So the function sees past the policies, gives no
-- name, address or identifier, and only within the asker's scope. Open cases are for counting on the server.
CREATE FUNCTION planning_units(village text)
    RETURNS TABLE (kind text, at geometry, people integer, special_care bigint, hazard_class text, severity smallint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    WITH here AS (
        SELECT a.geom FROM areas a
         WHERE a.code = village AND in_scope(a.code)
           AND acts_as('system', 'planner', 'grid_chief', 'command', 'administrator'))
    SELECT 'household', h.geom, h.resident_count,
           (SELECT count(*) FROM residents r JOIN special_care c ON c.resident_id = r.id AND c.until IS NULL
             WHERE r.household_id = h.id), NULL::text, NULL::smallint
      FROM here, households h WHERE starts_with(h.place_code, village) OR ST_Covers(here.geom, h.geom)
    UNION ALL
    SELECT 'enterprise', e.geom, 0, 0, e.hazard_class, NULL
      FROM here, enterprises e
     WHERE e.status <> 'closed' AND (starts_with(e.place_code, village) OR ST_Covers(here.geom, e.geom))
    UNION ALL
    SELECT 'hazard', z.geom, 0, 0, NULL, z.severity
      FROM here, hazards z
     WHERE z.status = 'open' AND (starts_with(z.place_code, village) OR ST_Covers(here.geom, z.geom))
    UNION ALL
    SELECT 'case', r.geom, 0, 0, NULL, NULL
      FROM here, reports r
     WHERE r.status NOT IN ('resolved', 'closed') AND starts_with(r.place_code, village)
$$;
REVOKE ALL ON FUNCTION planning_units(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION planning_units(text) TO gridkeeper_app;

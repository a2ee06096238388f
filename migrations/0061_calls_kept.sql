-- When borders move, the plan says what becomes of calls that are due as it says what becomes of open cases: they go with the
-- place, or the next one stays with whoever has it, who knows the door. What stays is written down here when a place is
-- filed under its new grid, and struck out by the call itself; from then on calls are the new grid's.
--
-- Whoever keeps a call must be able to find the door, so they read what the new grid reads of it, until they have called.

ALTER TABLE boundary_plans
    ADD COLUMN duty_handover text,
    ADD CONSTRAINT boundary_plans_duty_handover_is_known CHECK (duty_handover IN ('stay', 'follow'));

CREATE TABLE kept_calls (
    target_kind  text NOT NULL,
    target_id    uuid NOT NULL,
    place_code   text COLLATE "C" NOT NULL,
    keeper_code  text COLLATE "C" NOT NULL,
    since        date NOT NULL,
    PRIMARY KEY (target_kind, target_id),
    CONSTRAINT kept_calls_target_is_known CHECK (target_kind IN ('household', 'enterprise', 'hazard')),
    CONSTRAINT kept_calls_keeper_is_a_grid CHECK (keeper_code ~ '^[0-9]{15}$'),
    CONSTRAINT kept_calls_are_kept_from_another CHECK (place_code <> keeper_code)
);
CREATE INDEX kept_calls_by_keeper ON kept_calls (keeper_code);

ALTER TABLE kept_calls ENABLE ROW LEVEL SECURITY;
CREATE POLICY kept_calls_are_read_by_both_grids ON kept_calls FOR SELECT
    USING (acts_as('system', 'grid_member', 'grid_chief', 'police', 'inspector', 'command', 'administrator')
        AND (in_scope(place_code) OR in_scope(keeper_code)));
CREATE POLICY kept_calls_are_written_by_the_service ON kept_calls FOR INSERT WITH CHECK (acts_as('system'));
CREATE POLICY kept_calls_are_moved_by_the_service ON kept_calls FOR UPDATE
    USING (acts_as('system')) WITH CHECK (acts_as('system'));
CREATE POLICY kept_calls_are_struck_out_by_the_call ON kept_calls FOR DELETE
    USING (acts_as('system', 'grid_member', 'grid_chief', 'police', 'inspector')
        AND (in_scope(place_code) OR in_scope(keeper_code)));
GRANT SELECT, INSERT, UPDATE, DELETE ON kept_calls TO gridkeeper_app;

-- Asked once for each query: nearly always nobody keeps anything, and rows need not be looked at one by one.
CREATE FUNCTION keeps_calls() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public
    RETURN EXISTS (SELECT FROM kept_calls k WHERE in_scope(k.keeper_code));
-- A call at one in special care is a call at their household.
CREATE FUNCTION keeps_call(kind text, target uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public
    RETURN CASE WHEN kind = 'special_care'
        THEN EXISTS (SELECT FROM special_care c JOIN residents r ON r.id = c.resident_id
                       JOIN kept_calls k ON k.target_kind = 'household' AND k.target_id = r.household_id
                      WHERE c.id = target AND in_scope(k.keeper_code))
        ELSE EXISTS (SELECT FROM kept_calls k
                      WHERE k.target_kind = kind AND k.target_id = target AND in_scope(k.keeper_code)) END;

CREATE POLICY households_are_read_by_who_keeps_the_call ON households FOR SELECT
    USING (acts_as('grid_member') AND (SELECT keeps_calls()) AND keeps_call('household', id));
CREATE POLICY households_are_settled_by_who_keeps_the_call ON households FOR UPDATE
    USING (acts_as('grid_member') AND (SELECT keeps_calls()) AND keeps_call('household', id))
    WITH CHECK (acts_as('grid_member') AND (SELECT keeps_calls()) AND keeps_call('household', id));
CREATE POLICY residents_are_read_by_who_keeps_the_call ON residents FOR SELECT
    USING (acts_as('grid_member') AND (SELECT keeps_calls()) AND keeps_call('household', household_id));
CREATE POLICY special_care_is_read_by_who_keeps_the_call ON special_care FOR SELECT
    USING (acts_as('grid_member') AND (SELECT keeps_calls()) AND keeps_call('special_care', id));
CREATE POLICY special_care_is_settled_by_who_keeps_the_call ON special_care FOR UPDATE
    USING (acts_as('grid_member') AND (SELECT keeps_calls()) AND keeps_call('special_care', id))
    WITH CHECK (acts_as('grid_member') AND (SELECT keeps_calls()) AND keeps_call('special_care', id));
CREATE POLICY enterprises_are_read_by_who_keeps_the_call ON enterprises FOR SELECT
    USING (acts_as('grid_member') AND (SELECT keeps_calls()) AND keeps_call('enterprise', id));
CREATE POLICY enterprises_are_settled_by_who_keeps_the_call ON enterprises FOR UPDATE
    USING (acts_as('grid_member') AND (SELECT keeps_calls()) AND keeps_call('enterprise', id))
    WITH CHECK (acts_as('grid_member') AND (SELECT keeps_calls()) AND keeps_call('enterprise', id));
CREATE POLICY hazards_are_read_by_who_keeps_the_call ON hazards FOR SELECT
    USING (acts_as('grid_member') AND (SELECT keeps_calls()) AND keeps_call('hazard', id));
CREATE POLICY visits_are_recorded_by_who_keeps_the_call ON visits FOR INSERT
    WITH CHECK (acts_as('grid_member') AND account_id = current_account() AND keeps_call(target_kind, target_id));

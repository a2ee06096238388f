-- What happens on the day a plan comes into force, and what a draft needs to be set on a new base.
--
-- A report's place never changes, so who works on it is told apart from where it happened: `handler_code` is the grid
-- that took an open case over when borders moved, where the plan said that cases go with the place. It is empty for all
-- others. Whoever is responsible for that grid reads the case and works on it as if it had happened there.

ALTER TABLE reports
    ADD COLUMN handler_code text COLLATE "C",
    ADD CONSTRAINT reports_handler_is_a_grid CHECK (handler_code ~ '^[0-9]{15}$');
CREATE INDEX reports_by_handler ON reports (handler_code) WHERE handler_code IS NOT NULL;

CREATE POLICY reports_are_read_by_who_took_them_over ON reports FOR SELECT
    USING (handler_code IS NOT NULL AND reads_reports_of(kind) AND in_scope(handler_code));
CREATE POLICY reports_are_worked_on_by_who_took_them_over ON reports FOR UPDATE
    USING (acts_as('grid_member', 'grid_chief', 'mediator', 'police', 'inspector', 'command')
        AND handler_code IS NOT NULL AND reads_reports_of(kind) AND in_scope(handler_code))
    WITH CHECK (acts_as('grid_member', 'grid_chief', 'mediator', 'police', 'inspector', 'command')
        AND handler_code IS NOT NULL AND reads_reports_of(kind) AND in_scope(handler_code));

CREATE FUNCTION taken_over_in_scope(report uuid) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public
    RETURN EXISTS (SELECT FROM reports WHERE id = report AND handler_code IS NOT NULL AND in_scope(handler_code));
CREATE POLICY report_events_are_read_by_who_took_the_report_over ON report_events FOR SELECT
    USING (reads_reports_of(report_kind) AND taken_over_in_scope(report_id));
CREATE POLICY report_events_are_appended_by_who_took_the_report_over ON report_events FOR INSERT
    WITH CHECK (account_id = current_account() AND reads_reports_of(report_kind) AND taken_over_in_scope(report_id));
CREATE POLICY report_attachments_are_read_by_who_took_the_report_over ON report_attachments FOR SELECT
    USING (reads_reports_of(report_kind) AND taken_over_in_scope(report_id));
CREATE POLICY report_attachments_are_added_by_who_took_the_report_over ON report_attachments FOR INSERT
    WITH CHECK (created_by = current_account() AND reads_reports_of(report_kind) AND taken_over_in_scope(report_id));

CREATE POLICY plan_edits_are_moved_by_planners ON plan_edits FOR UPDATE
    USING (acts_as('system', 'administrator', 'planner') AND in_scope(village_code))
    WITH CHECK (acts_as('system', 'administrator', 'planner') AND in_scope(village_code));
GRANT UPDATE ON plan_edits TO gridkeeper_app;

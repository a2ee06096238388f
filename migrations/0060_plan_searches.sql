-- Proposals for a plan are searched for over seconds or minutes, by whichever instance was asked; the others must be able
-- to say how far it has come, to stop it, and to give its proposals to the editor. So a search is a row.
--
-- `beat_at` is renewed while the search runs: a row that says 'running' without a recent beat belongs to an instance that
-- is gone. `result` holds counts and borders, nothing that names a person.

CREATE TABLE plan_searches (
    id            uuid PRIMARY KEY,
    plan_id       uuid NOT NULL REFERENCES boundary_plans (id),
    village_code  text COLLATE "C" NOT NULL REFERENCES areas (code),
    plan_version  integer NOT NULL,
    account_id    uuid REFERENCES accounts (id),
    asked_at      timestamptz NOT NULL,
    asked         jsonb NOT NULL,
    status        text NOT NULL DEFAULT 'running',
    progress      real NOT NULL DEFAULT 0,
    beat_at       timestamptz NOT NULL,
    result        jsonb,
    reason        jsonb,
    CONSTRAINT plan_searches_status_is_known CHECK (status IN ('running', 'done', 'cancelled', 'refused')),
    CONSTRAINT plan_searches_progress_is_a_share CHECK (progress BETWEEN 0 AND 1),
    CONSTRAINT plan_searches_done_have_a_result CHECK (status <> 'done' OR result IS NOT NULL),
    CONSTRAINT plan_searches_refused_say_why CHECK (status <> 'refused' OR reason IS NOT NULL)
);
CREATE INDEX plan_searches_by_plan ON plan_searches (plan_id, asked_at DESC);

ALTER TABLE plan_searches ENABLE ROW LEVEL SECURITY;
CREATE POLICY plan_searches_are_read_by_those_who_draw_and_decide ON plan_searches FOR SELECT
    USING (acts_as('system', 'planner', 'grid_chief', 'command', 'administrator') AND in_scope(village_code));
CREATE POLICY plan_searches_are_begun_by_planners ON plan_searches FOR INSERT
    WITH CHECK (acts_as('system', 'administrator', 'planner') AND in_scope(village_code));
CREATE POLICY plan_searches_are_changed_by_planners ON plan_searches FOR UPDATE
    USING (acts_as('system', 'administrator', 'planner') AND in_scope(village_code))
    WITH CHECK (acts_as('system', 'administrator', 'planner') AND in_scope(village_code));
GRANT SELECT, INSERT, UPDATE ON plan_searches TO gridkeeper_app;

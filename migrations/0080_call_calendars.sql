-- On which day of a month whom: a grid's calls spread over its shifts. Made again, a month's calendar takes the place of
-- the one before; what was planned for days that are over stays. A day's walk takes in what the calendar says for it.

CREATE TABLE call_calendars (
    grid_code  text COLLATE "C" NOT NULL REFERENCES grids (code),
    month      date NOT NULL,
    shift_min  integer NOT NULL,
    days       jsonb NOT NULL,
    made_by    uuid REFERENCES accounts (id),
    made_at    timestamptz NOT NULL,
    version    integer NOT NULL DEFAULT 1,
    PRIMARY KEY (grid_code, month),
    CONSTRAINT call_calendars_are_of_a_month CHECK (extract(day FROM month) = 1),
    CONSTRAINT call_calendars_shifts_are_of_a_day CHECK (shift_min BETWEEN 60 AND 720),
    CONSTRAINT call_calendars_have_a_list CHECK (jsonb_typeof(days) = 'array')
);

-- Doors are named by their household, whoever behind them a call is for.
CREATE TABLE scheduled_calls (
    grid_code    text COLLATE "C" NOT NULL,
    month        date NOT NULL,
    day          date NOT NULL,
    target_kind  text NOT NULL,
    target_id    uuid NOT NULL,
    PRIMARY KEY (grid_code, day, target_kind, target_id),
    FOREIGN KEY (grid_code, month) REFERENCES call_calendars (grid_code, month) ON DELETE CASCADE,
    CONSTRAINT scheduled_calls_target_is_known CHECK (target_kind IN ('household', 'enterprise', 'hazard')),
    CONSTRAINT scheduled_calls_are_in_their_month CHECK (date_trunc('month', day::timestamp)::date = month)
);

ALTER TABLE call_calendars ENABLE ROW LEVEL SECURITY;
ALTER TABLE scheduled_calls ENABLE ROW LEVEL SECURITY;

CREATE POLICY call_calendars_are_read_by_member_and_chief ON call_calendars FOR SELECT
    USING (acts_as('system', 'grid_member', 'grid_chief') AND in_scope(grid_code));
CREATE POLICY call_calendars_are_made_by_member_and_chief ON call_calendars FOR INSERT
    WITH CHECK (acts_as('system', 'grid_member', 'grid_chief') AND in_scope(grid_code));
CREATE POLICY call_calendars_are_made_again_by_member_and_chief ON call_calendars FOR UPDATE
    USING (acts_as('system', 'grid_member', 'grid_chief') AND in_scope(grid_code))
    WITH CHECK (acts_as('system', 'grid_member', 'grid_chief') AND in_scope(grid_code));

CREATE POLICY scheduled_calls_are_read_by_member_and_chief ON scheduled_calls FOR SELECT
    USING (acts_as('system', 'grid_member', 'grid_chief') AND in_scope(grid_code));
CREATE POLICY scheduled_calls_are_made_by_member_and_chief ON scheduled_calls FOR INSERT
    WITH CHECK (acts_as('system', 'grid_member', 'grid_chief') AND in_scope(grid_code));
CREATE POLICY scheduled_calls_give_way_to_others ON scheduled_calls FOR DELETE
    USING (acts_as('system', 'grid_member', 'grid_chief') AND in_scope(grid_code));

GRANT SELECT, INSERT, UPDATE ON call_calendars TO gridkeeper_app;
GRANT SELECT, INSERT, DELETE ON scheduled_calls TO gridkeeper_app;

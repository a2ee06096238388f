-- How often whom, by whom: a village's rules for its calls, and the days on which nobody is asked to call. A village
-- that has changed nothing has no row and goes by the service's own rules.

CREATE TABLE duty_rules (
    village_code  text COLLATE "C" PRIMARY KEY REFERENCES areas (code),
    rules         jsonb NOT NULL,
    version       integer NOT NULL DEFAULT 1,
    updated_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT duty_rules_are_a_villages CHECK (village_code ~ '^[0-9]{12}$')
);

CREATE TABLE holiday_years (
    year        integer PRIMARY KEY,
    days        jsonb NOT NULL,
    source      text NOT NULL,
    version     integer NOT NULL DEFAULT 1,
    updated_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT holiday_years_are_of_our_time CHECK (year BETWEEN 2000 AND 2100),
    CONSTRAINT holiday_years_have_a_list CHECK (jsonb_typeof(days) = 'array')
);

-- The notices of the State Council's General Office on each year's holidays, with the weekend days worked in return.
-- For 2027, whose notice is not out, only the days that the Regulations on Public Holidays (全国年节及纪念日放假办法,
-- as revised in 2024) fix by themselves.
INSERT INTO holiday_years (year, source, days)
SELECT year, CASE year
           WHEN 2021 THEN '国办发明电〔2020〕27号' WHEN 2022 THEN '国办发明电〔2021〕11号'
           WHEN 2023 THEN '国办发明电〔2022〕16号' WHEN 2024 THEN '国办发明电〔2023〕7号'
           WHEN 2025 THEN '国办发明电〔2024〕12号' WHEN 2026 THEN '国办发明电〔2025〕7号'
           ELSE '全国年节及纪念日放假办法（2024 年修订）；调休以国务院办公厅通知为准' END,
       jsonb_agg(jsonb_build_object('day', day::date, 'kind', kind, 'name', name) ORDER BY day)
  FROM (VALUES
        (2021, '元旦', 'off', '2021-01-01', '2021-01-03'), (2021, '春节', 'off', '2021-02-11', '2021-02-17'),
        (2021, '春节', 'work', '2021-02-07', '2021-02-07'), (2021, '春节', 'work', '2021-02-20', '2021-02-20'),
        (2021, '清明节', 'off', '2021-04-03', '2021-04-05'), (2021, '劳动节', 'off', '2021-05-01', '2021-05-05'),
        (2021, '劳动节', 'work', '2021-04-25', '2021-04-25'), (2021, '劳动节', 'work', '2021-05-08', '2021-05-08'),
        (2021, '端午节', 'off', '2021-06-12', '2021-06-14'), (2021, '中秋节', 'off', '2021-09-19', '2021-09-21'),
        (2021, '中秋节', 'work', '2021-09-18', '2021-09-18'), (2021, '国庆节', 'off', '2021-10-01', '2021-10-07'),
        (2021, '国庆节', 'work', '2021-09-26', '2021-09-26'), (2021, '国庆节', 'work', '2021-10-09', '2021-10-09'),
        (2022, '元旦', 'off', '2022-01-01', '2022-01-03'), (2022, '春节', 'off', '2022-01-31', '2022-02-06'),
        (2022, '春节', 'work', '2022-01-29', '2022-01-30'), (2022, '清明节', 'off', '2022-04-03', '2022-04-05'),
        (2022, '清明节', 'work', '2022-04-02', '2022-04-02'), (2022, '劳动节', 'off', '2022-04-30', '2022-05-04'),
        (2022, '劳动节', 'work', '2022-04-24', '2022-04-24'), (2022, '劳动节', 'work', '2022-05-07', '2022-05-07'),
        (2022, '端午节', 'off', '2022-06-03', '2022-06-05'), (2022, '中秋节', 'off', '2022-09-10', '2022-09-12'),
        (2022, '国庆节', 'off', '2022-10-01', '2022-10-07'), (2022, '国庆节', 'work', '2022-10-08', '2022-10-09'),
        (2022, '元旦', 'off', '2022-12-31', '2022-12-31'),
        (2023, '元旦', 'off', '2023-01-01', '2023-01-02'), (2023, '春节', 'off', '2023-01-21', '2023-01-27'),
        (2023, '春节', 'work', '2023-01-28', '2023-01-29'), (2023, '清明节', 'off', '2023-04-05', '2023-04-05'),
        (2023, '劳动节', 'off', '2023-04-29', '2023-05-03'), (2023, '劳动节', 'work', '2023-04-23', '2023-04-23'),
        (2023, '劳动节', 'work', '2023-05-06', '2023-05-06'), (2023, '端午节', 'off', '2023-06-22', '2023-06-24'),
        (2023, '端午节', 'work', '2023-06-25', '2023-06-25'), (2023, '中秋节、国庆节', 'off', '2023-09-29', '2023-10-06'),
        (2023, '国庆节', 'work', '2023-10-07', '2023-10-08'),
        (2024, '元旦', 'off', '2024-01-01', '2024-01-01'), (2024, '春节', 'off', '2024-02-10', '2024-02-17'),
        (2024, '春节', 'work', '2024-02-04', '2024-02-04'), (2024, '春节', 'work', '2024-02-18', '2024-02-18'),
        (2024, '清明节', 'off', '2024-04-04', '2024-04-06'), (2024, '清明节', 'work', '2024-04-07', '2024-04-07'),
        (2024, '劳动节', 'off', '2024-05-01', '2024-05-05'), (2024, '劳动节', 'work', '2024-04-28', '2024-04-28'),
        (2024, '劳动节', 'work', '2024-05-11', '2024-05-11'), (2024, '端午节', 'off', '2024-06-10', '2024-06-10'),
        (2024, '中秋节', 'off', '2024-09-15', '2024-09-17'), (2024, '中秋节', 'work', '2024-09-14', '2024-09-14'),
        (2024, '国庆节', 'off', '2024-10-01', '2024-10-07'), (2024, '国庆节', 'work', '2024-09-29', '2024-09-29'),
        (2024, '国庆节', 'work', '2024-10-12', '2024-10-12'),
        (2025, '元旦', 'off', '2025-01-01', '2025-01-01'), (2025, '春节', 'off', '2025-01-28', '2025-02-04'),
        (2025, '春节', 'work', '2025-01-26', '2025-01-26'), (2025, '春节', 'work', '2025-02-08', '2025-02-08'),
        (2025, '清明节', 'off', '2025-04-04', '2025-04-06'), (2025, '劳动节', 'off', '2025-05-01', '2025-05-05'),
        (2025, '劳动节', 'work', '2025-04-27', '2025-04-27'), (2025, '端午节', 'off', '2025-05-31', '2025-06-02'),
        (2025, '国庆节、中秋节', 'off', '2025-10-01', '2025-10-08'), (2025, '国庆节', 'work', '2025-09-28', '2025-09-28'),
        (2025, '国庆节', 'work', '2025-10-11', '2025-10-11'),
        (2026, '元旦', 'off', '2026-01-01', '2026-01-03'), (2026, '元旦', 'work', '2026-01-04', '2026-01-04'),
        (2026, '春节', 'off', '2026-02-15', '2026-02-23'), (2026, '春节', 'work', '2026-02-14', '2026-02-14'),
        (2026, '春节', 'work', '2026-02-28', '2026-02-28'), (2026, '清明节', 'off', '2026-04-04', '2026-04-06'),
        (2026, '劳动节', 'off', '2026-05-01', '2026-05-05'), (2026, '劳动节', 'work', '2026-05-09', '2026-05-09'),
        (2026, '端午节', 'off', '2026-06-19', '2026-06-21'), (2026, '中秋节', 'off', '2026-09-25', '2026-09-27'),
        (2026, '国庆节', 'off', '2026-10-01', '2026-10-07'), (2026, '国庆节', 'work', '2026-09-20', '2026-09-20'),
        (2026, '国庆节', 'work', '2026-10-10', '2026-10-10'),
        (2027, '元旦', 'off', '2027-01-01', '2027-01-01'), (2027, '春节', 'off', '2027-02-05', '2027-02-08'),
        (2027, '清明节', 'off', '2027-04-05', '2027-04-05'), (2027, '劳动节', 'off', '2027-05-01', '2027-05-02'),
        (2027, '端午节', 'off', '2027-06-09', '2027-06-09'), (2027, '中秋节', 'off', '2027-09-15', '2027-09-15'),
        (2027, '国庆节', 'off', '2027-10-01', '2027-10-03')
       ) AS v (year, name, kind, from_day, to_day),
       generate_series(from_day::date, to_day::date, interval '1 day') AS day
 GROUP BY year;

ALTER TABLE duty_rules ENABLE ROW LEVEL SECURITY;
ALTER TABLE holiday_years ENABLE ROW LEVEL SECURITY;

CREATE POLICY duty_rules_are_read_in_the_street ON duty_rules FOR SELECT
    USING (acts_as('system') OR in_map_scope(village_code) OR in_scope(village_code));
CREATE POLICY duty_rules_are_made_by_those_who_lead ON duty_rules FOR INSERT
    WITH CHECK (acts_as('system', 'grid_chief', 'command', 'administrator') AND in_scope(village_code));
CREATE POLICY duty_rules_are_changed_by_those_who_lead ON duty_rules FOR UPDATE
    USING (acts_as('system', 'grid_chief', 'command', 'administrator') AND in_scope(village_code))
    WITH CHECK (acts_as('system', 'grid_chief', 'command', 'administrator') AND in_scope(village_code));

CREATE POLICY holiday_years_are_read_by_all ON holiday_years FOR SELECT
    USING (current_setting('gridkeeper.role', true) <> '');
CREATE POLICY holiday_years_are_made_by_administrators ON holiday_years FOR INSERT
    WITH CHECK (acts_as('system', 'command', 'administrator'));
CREATE POLICY holiday_years_are_changed_by_administrators ON holiday_years FOR UPDATE
    USING (acts_as('system', 'command', 'administrator'));

GRANT SELECT, INSERT, UPDATE ON duty_rules, holiday_years TO gridkeeper_app;

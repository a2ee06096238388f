-- A hazard found on a visit is a report by itself, made in the visit's transaction: the visit names it.

ALTER TABLE visits ADD COLUMN report_id uuid;

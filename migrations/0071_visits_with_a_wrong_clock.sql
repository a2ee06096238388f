-- A phone whose clock was wrong while there was no signal learns so when there is one again, and sends the time of a visit put
-- right. What its clock said is kept beside it, as it is for the stops of a patrol: whoever reads the visit sees that its
-- time was worked out.

ALTER TABLE visits ADD COLUMN phone_at timestamptz;

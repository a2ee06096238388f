-- The hash of what was sent to record a household, a resident or an enterprise covers telephone and identity
-- numbers: whoever reads it can guess at them offline. It moves from the rows, which many may read, to
-- idempotency_keys, which only the account that sent it may read.

ALTER TABLE households DROP COLUMN content_hash;
ALTER TABLE residents DROP COLUMN content_hash;
ALTER TABLE enterprises DROP COLUMN content_hash;
ALTER TABLE hazards DROP COLUMN content_hash;

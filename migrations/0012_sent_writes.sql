-- What an account sent to record something under an id of its own making, as a hash, so that sending it again gives
-- the same answer however much later: a phone may be away for days. Answers kept for an Idempotency-Key are thrown
-- away after a day; these are a line per record and stay. The hash covers telephone and identity numbers, and only
-- its sender may read it.

CREATE TABLE sent_writes (
    account_id    uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    subject       text NOT NULL,
    id            uuid NOT NULL,
    content_hash  bytea NOT NULL,
    sent_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id, account_id, subject),
    CONSTRAINT sent_writes_hash_is_sha256 CHECK (octet_length(content_hash) = 32)
);

ALTER TABLE sent_writes ENABLE ROW LEVEL SECURITY;
CREATE POLICY sent_writes_are_read_by_their_senders ON sent_writes FOR SELECT
    USING (account_id = current_account());
CREATE POLICY sent_writes_are_kept_for_their_senders ON sent_writes FOR INSERT
    WITH CHECK (account_id = current_account());
GRANT SELECT, INSERT ON sent_writes TO gridkeeper_app;

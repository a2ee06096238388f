-- The ground every table stands on: who is asking (a transaction's scope), who exists (accounts), what they
-- may hold (sessions, tokens) and what they did (audit log). Row-level security starts here, before the first
-- place or person is stored, so that no later table can be born without it.
--
-- Two database roles: the owner (whoever runs this file) migrates; gridkeeper_app serves, owns nothing and
-- cannot bypass row-level security. The service creates gridkeeper_app before it migrates.
--
-- Scope is a code prefix held as a half-open range of text in the "C" collation: a grid member of
-- 370828003218001 sees codes in ['370828003218001', '370828003218001:'), because ':' follows '9' in ASCII.
-- A transaction that never set its scope compares with NULL or '' and sees nothing.

CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

CREATE FUNCTION current_account() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('gridkeeper.account', true), '')::uuid;

-- True when `code` lies in the scope of the current transaction.
CREATE FUNCTION in_scope(code text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN code COLLATE "C" >= current_setting('gridkeeper.scope_from', true)
       AND code COLLATE "C" < current_setting('gridkeeper.scope_to', true);

-- True when `code` lies in the street around the current scope: the map a person needs to see where their
-- own grid ends. Only tables without personal data use it.
CREATE FUNCTION in_map_scope(code text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN code COLLATE "C" >= current_setting('gridkeeper.map_from', true)
       AND code COLLATE "C" < current_setting('gridkeeper.map_to', true);

-- True when the current transaction acts in one of `roles`. The role 'system' is the service itself: sign-in,
-- background work, and the command line on the server's own machine.
CREATE FUNCTION acts_as(VARIADIC roles text[]) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN current_setting('gridkeeper.role', true) = ANY (roles);

CREATE TABLE accounts (
    id            uuid PRIMARY KEY,
    login         text NOT NULL,
    display_name  text NOT NULL,
    role          text NOT NULL,
    scope_code    text COLLATE "C" NOT NULL,
    department    text,
    locale        text NOT NULL DEFAULT 'zh',
    created_at    timestamptz NOT NULL DEFAULT now(),
    disabled_at   timestamptz,
    version       integer NOT NULL DEFAULT 1,
    CONSTRAINT accounts_login_is_unique UNIQUE (login),
    CONSTRAINT accounts_login_is_short_lowercase_text CHECK (login ~ '^[a-z0-9][a-z0-9._-]{1,62}$'),
    CONSTRAINT accounts_display_name_is_present CHECK (length(btrim(display_name)) BETWEEN 1 AND 100),
    CONSTRAINT accounts_role_is_known CHECK (role IN ('grid_member', 'grid_chief', 'planner', 'mediator',
        'police', 'inspector', 'command', 'administrator')),
    CONSTRAINT accounts_department_is_known CHECK (department IN ('fire', 'safety', 'police',
        'law_enforcement', 'market_supervision')),
    CONSTRAINT accounts_locale_is_known CHECK (locale IN ('zh', 'en')),
    CONSTRAINT accounts_scope_is_a_code CHECK (scope_code ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{15})$'),
    CONSTRAINT accounts_grid_member_has_a_grid CHECK (role <> 'grid_member' OR length(scope_code) = 15)
);
CREATE INDEX accounts_by_scope ON accounts (scope_code, role);

-- Apart from accounts, so that the people who may read a colleague's name cannot read a hash.
CREATE TABLE account_secrets (
    account_id     uuid PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    password_hash  text NOT NULL,
    changed_at     timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE sessions (
    token_hash    bytea PRIMARY KEY,
    account_id    uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    created_at    timestamptz NOT NULL DEFAULT now(),
    last_seen_at  timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz NOT NULL,
    CONSTRAINT sessions_token_hash_is_sha256 CHECK (octet_length(token_hash) = 32)
);
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE api_tokens (
    id            uuid PRIMARY KEY,
    account_id    uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name          text NOT NULL,
    token_hash    bytea NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    last_used_at  timestamptz,
    expires_at    timestamptz,
    revoked_at    timestamptz,
    CONSTRAINT api_tokens_token_hash_is_unique UNIQUE (token_hash),
    CONSTRAINT api_tokens_name_is_present CHECK (length(btrim(name)) BETWEEN 1 AND 100),
    CONSTRAINT api_tokens_token_hash_is_sha256 CHECK (octet_length(token_hash) = 32)
);
CREATE INDEX api_tokens_by_account ON api_tokens (account_id);

-- The first answer to a write with an Idempotency-Key, given again when the write is repeated.
CREATE TABLE idempotency_keys (
    account_id    uuid NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    key           text NOT NULL,
    request_hash  bytea NOT NULL,
    status        smallint NOT NULL,
    body          jsonb NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, key),
    CONSTRAINT idempotency_keys_key_is_short CHECK (length(key) BETWEEN 1 AND 255)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- Changes, and every read of personal data. Append-only: the service has no right to change or delete a row.
CREATE TABLE audit_log (
    id          uuid PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT now(),
    account_id  uuid,
    role        text NOT NULL,
    action      text NOT NULL,
    subject     text NOT NULL,
    subject_id  text,
    place_code  text COLLATE "C",
    request_id  text,
    detail      jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_log_by_time ON audit_log (at);
CREATE INDEX audit_log_by_subject ON audit_log (subject, subject_id, at);

ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE account_secrets ENABLE ROW LEVEL SECURITY;
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;

-- A colleague's name and role are no secret within the street; a report names the member who will come.
CREATE POLICY accounts_are_read_in_the_street ON accounts FOR SELECT
    USING (acts_as('system') OR id = current_account() OR in_map_scope(scope_code)
        OR (acts_as('administrator') AND in_scope(scope_code)));
CREATE POLICY accounts_are_made_by_administrators ON accounts FOR INSERT
    WITH CHECK (acts_as('system', 'administrator') AND in_scope(scope_code));
CREATE POLICY accounts_are_changed_by_administrators ON accounts FOR UPDATE
    USING (acts_as('system', 'administrator') AND in_scope(scope_code))
    WITH CHECK (acts_as('system', 'administrator') AND in_scope(scope_code));

CREATE POLICY account_secrets_are_for_the_service ON account_secrets FOR ALL
    USING (acts_as('system')) WITH CHECK (acts_as('system'));
CREATE POLICY sessions_are_for_the_service ON sessions FOR ALL
    USING (acts_as('system')) WITH CHECK (acts_as('system'));
CREATE POLICY api_tokens_are_their_owners ON api_tokens FOR ALL
    USING (acts_as('system') OR account_id = current_account())
    WITH CHECK (acts_as('system') OR account_id = current_account());
CREATE POLICY idempotency_keys_are_their_owners ON idempotency_keys FOR ALL
    USING (acts_as('system') OR account_id = current_account())
    WITH CHECK (acts_as('system') OR account_id = current_account());
CREATE POLICY audit_log_is_read_by_administrators ON audit_log FOR SELECT
    USING (acts_as('system') OR (acts_as('administrator') AND (place_code IS NULL OR in_scope(place_code))));
CREATE POLICY audit_log_is_appended_by_all ON audit_log FOR INSERT
    WITH CHECK (acts_as('system') OR account_id = current_account());

GRANT USAGE ON SCHEMA public TO gridkeeper_app;
GRANT SELECT, INSERT, UPDATE ON accounts TO gridkeeper_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON account_secrets, sessions, api_tokens, idempotency_keys TO gridkeeper_app;
GRANT SELECT, INSERT ON audit_log TO gridkeeper_app;

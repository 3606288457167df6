import type { Schema } from "../migrate.ts";

/** `Cgsv` in ASCII: a Codegrant server's database. */
const applicationId = 0x43677376;

/**
 * Lists of scopes and URIs, none of which holds a space, are texts separated by spaces. Times are epoch seconds.
 * Tokens are not here: they are derived, and a row holds only what they are checked against.
 */
const version1 = `
CREATE TABLE applications (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  client_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  type TEXT NOT NULL CHECK (type IN ('confidential', 'public')),
  redirect_uris TEXT NOT NULL,
  secrets TEXT NOT NULL,      -- JSON; hashes as base64url
  owner_id TEXT,
  settings TEXT NOT NULL,     -- JSON
  disabled INTEGER NOT NULL DEFAULT 0,
  epoch INTEGER NOT NULL DEFAULT 0,
  token_epoch INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  deleted_at INTEGER          -- the row stays: its raised epoch is what ends its grants
) STRICT;
CREATE INDEX applications_owner ON applications (owner_id) WHERE owner_id IS NOT NULL;

CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  login TEXT NOT NULL,
  login_key TEXT NOT NULL UNIQUE, -- the login without case
  display_name TEXT NOT NULL,
  email TEXT,
  password_hash TEXT,
  disabled INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;

-- Apart from users, since a host's users have no row there. No row is 0.
CREATE TABLE user_epochs (
  user_id TEXT PRIMARY KEY,
  epoch INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  secret_hash BLOB PRIMARY KEY,
  user_id INTEGER NOT NULL REFERENCES users (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE reset_links (
  user_id INTEGER PRIMARY KEY REFERENCES users (id), -- so a user has one at most
  secret_hash BLOB NOT NULL UNIQUE,
  expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE consents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id TEXT NOT NULL,
  application_id INTEGER NOT NULL REFERENCES applications (id),
  epoch INTEGER NOT NULL DEFAULT 0,
  since INTEGER,              -- NULL once ended
  last_used_day INTEGER,
  answered INTEGER NOT NULL DEFAULT 0,
  answered_query_hash BLOB,
  scopes TEXT NOT NULL DEFAULT '',
  resources TEXT NOT NULL DEFAULT '',
  redirect_uris TEXT NOT NULL DEFAULT '',
  UNIQUE (user_id, application_id)
) STRICT;

-- No index on a random or changing column: that would cost more than all the rest. Users find their grants through
-- their consents and the cleaner walks ids. The next id is the highest plus one, so the newest row always stays.
CREATE TABLE grants (
  id INTEGER PRIMARY KEY,
  consent_id INTEGER NOT NULL REFERENCES consents (id),
  scopes TEXT NOT NULL,
  resources TEXT NOT NULL,
  key_id INTEGER NOT NULL,
  proofs BLOB NOT NULL CHECK (length(proofs) IN (24, 36)), -- proof (12), code hash (12), start of the challenge (12, with PKCE)
  consent_epoch INTEGER NOT NULL,
  application_epoch INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  predecessor INTEGER NOT NULL,
  rotated_at INTEGER NOT NULL,
  access_generation INTEGER NOT NULL,
  access_revoked_through INTEGER NOT NULL,
  code TEXT,                  -- JSON; NULL after the exchange
  created_at INTEGER NOT NULL,
  exchanged_at INTEGER,
  expires_at INTEGER NOT NULL,
  refresh_expires_at INTEGER, -- NULL: the same as expires_at
  ended_at INTEGER,
  ended_why TEXT,
  revision INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Why things ended, in the order in which they did. One of the four ids says what; grant endings name the consent too.
CREATE TABLE endings (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  why TEXT NOT NULL,
  epoch INTEGER NOT NULL,     -- the one that ended
  user_id TEXT,
  application_id INTEGER,
  consent_id INTEGER,
  grant_id INTEGER
) STRICT;
CREATE INDEX endings_user ON endings (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX endings_application ON endings (application_id) WHERE application_id IS NOT NULL;
CREATE INDEX endings_consent ON endings (consent_id) WHERE consent_id IS NOT NULL AND grant_id IS NULL;

CREATE TABLE keys (
  id INTEGER PRIMARY KEY,
  check_value BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  event TEXT NOT NULL,
  user_id TEXT,
  application_id INTEGER,
  request_id TEXT,
  detail TEXT
) STRICT;
CREATE INDEX events_at ON events (at);
`;

/**
 * Device requests, revoked application tokens, and an index for each question that the wider port asks. An ending that
 * names none of the four ids is everything's.
 */
const version2 = `
CREATE TABLE device_requests (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  device_code_hash BLOB NOT NULL UNIQUE,
  user_code_hash BLOB NOT NULL, -- not unique: an expired one may lie here still
  application_id INTEGER NOT NULL REFERENCES applications (id),
  family TEXT NOT NULL,
  scopes TEXT NOT NULL,
  resources TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  is_declined INTEGER NOT NULL DEFAULT 0,
  grant_id INTEGER              -- NULL until it was approved
) STRICT;
CREATE INDEX device_requests_user_code ON device_requests (user_code_hash);
CREATE INDEX device_requests_application ON device_requests (application_id, expires_at);
CREATE INDEX device_requests_expiry ON device_requests (expires_at);

CREATE TABLE revoked_application_tokens (
  application_id INTEGER NOT NULL REFERENCES applications (id),
  serial BLOB NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (application_id, serial)
) STRICT, WITHOUT ROWID;
CREATE INDEX revoked_application_tokens_expiry ON revoked_application_tokens (expires_at);

-- The browser origins of enabled public applications. Triggers keep it, so that it cannot disagree with the settings.
CREATE TABLE application_origins (
  origin TEXT NOT NULL,
  application_id INTEGER NOT NULL,
  PRIMARY KEY (origin, application_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER application_origins_of_new AFTER INSERT ON applications WHEN NEW.type = 'public' BEGIN
  INSERT OR IGNORE INTO application_origins (origin, application_id)
    SELECT value, NEW.id FROM json_each(NEW.settings, '$.origins')
    WHERE NEW.disabled = 0 AND NEW.deleted_at IS NULL;
END;
CREATE TRIGGER application_origins_of_changed AFTER UPDATE OF settings, disabled, deleted_at ON applications
WHEN NEW.type = 'public' BEGIN
  DELETE FROM application_origins
    WHERE origin IN (SELECT value FROM json_each(OLD.settings, '$.origins')) AND application_id = OLD.id;
  INSERT OR IGNORE INTO application_origins (origin, application_id)
    SELECT value, NEW.id FROM json_each(NEW.settings, '$.origins')
    WHERE NEW.disabled = 0 AND NEW.deleted_at IS NULL;
END;
INSERT OR IGNORE INTO application_origins (origin, application_id)
  SELECT o.value, a.id FROM applications a, json_each(a.settings, '$.origins') o
  WHERE a.type = 'public' AND a.disabled = 0 AND a.deleted_at IS NULL;

CREATE INDEX applications_resource_servers ON applications (id)
  WHERE json_extract(settings, '$.resourceServer') = 1 AND disabled = 0 AND deleted_at IS NULL;

CREATE INDEX reset_links_expiry ON reset_links (expires_at);
CREATE INDEX endings_grant ON endings (consent_id) WHERE grant_id IS NOT NULL;
CREATE INDEX endings_everything ON endings (id)
  WHERE user_id IS NULL AND application_id IS NULL AND consent_id IS NULL;
`;

/** What browser a session is of, and how many users an application has. */
const version3 = `
ALTER TABLE sessions ADD COLUMN label TEXT;
CREATE INDEX consents_application ON consents (application_id) WHERE since IS NOT NULL;
`;

/** Grants that were ended one by one beside the server, of which the cleaner has yet to tell. */
const version4 = `
CREATE TABLE untold_grants (
  grant_id INTEGER PRIMARY KEY
) STRICT;
`;

export const serverSchema: Schema = { applicationId, versions: [version1, version2, version3, version4] };

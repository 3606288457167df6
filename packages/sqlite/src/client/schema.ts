import type { Schema } from "../migrate.ts";

/** `Cgcl` in ASCII: a Codegrant client's database. */
const applicationId = 0x4367636c;

/** Times are epoch seconds. */
const version1 = `
CREATE TABLE records (
  kind TEXT NOT NULL,
  provider TEXT NOT NULL,
  server TEXT NOT NULL,
  client_id TEXT NOT NULL,
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  value BLOB NOT NULL,        -- sealed
  expires_at INTEGER,         -- none: kept until it is removed
  PRIMARY KEY (kind, provider, server, client_id, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX records_expiry ON records (expires_at) WHERE expires_at IS NOT NULL;
`;

export const clientSchema: Schema = { applicationId, versions: [version1] };

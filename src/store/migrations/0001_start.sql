-- Keys are stored as SHA-256 of what the caller shows; the prefix names one in lists and logs.
CREATE TABLE api_key (
  prefix TEXT PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('client', 'underwriter', 'analyst', 'admin')),
  client_id TEXT REFERENCES client (id),
  name TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT,
  revoked_at TEXT,
  CHECK ((role = 'client') = (client_id IS NOT NULL))
);

CREATE TABLE client (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  sector TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL
);

-- The file itself lies beside the database, named by its hash.
CREATE TABLE ledger (
  id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL REFERENCES client (id),
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  certificate TEXT NOT NULL,
  created_at TEXT NOT NULL
);
CREATE INDEX ledger_of_client ON ledger (client_id, created_at);

-- The document is the offer and its provenance, byte for byte; the envelope is all that changes.
CREATE TABLE offer (
  id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL REFERENCES client (id),
  ledger_id TEXT NOT NULL REFERENCES ledger (id),
  document TEXT NOT NULL,
  envelope TEXT NOT NULL,
  status TEXT NOT NULL,
  valid_until TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL
);
CREATE INDEX offer_of_client ON offer (client_id, created_at);

CREATE TABLE quote (
  id TEXT PRIMARY KEY,
  contact TEXT NOT NULL,
  request TEXT NOT NULL,
  answer TEXT NOT NULL,
  created_at TEXT NOT NULL
);

-- What a POST answered, so that the same request is never carried out twice.
CREATE TABLE idempotency (
  key_prefix TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request_sha256 TEXT NOT NULL,
  status INTEGER NOT NULL,
  body TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (key_prefix, idempotency_key)
);

-- Append-only: each row holds the hash of the one before it.
CREATE TABLE audit (
  number INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  key_prefix TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

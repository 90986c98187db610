-- Read by both engines, so text and whole numbers only. Money is in minor units of the currency
-- beside it; times are RFC 3339 in UTC to the second, dates ISO 8601.

CREATE TABLE client (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  sector TEXT NOT NULL DEFAULT '',
  version BIGINT NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL
);

-- Only the SHA-256 of a key is kept; its prefix identifies it in lists and logs.
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

-- Policies, facilities, debtors and models. Rows are never changed: a change is a new version.
CREATE TABLE written (
  kind TEXT NOT NULL CHECK (kind IN ('policy', 'facility', 'debtor', 'model')),
  name TEXT NOT NULL,
  version BIGINT NOT NULL,
  text TEXT NOT NULL,
  key_prefix TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (kind, name, version)
);

-- The file itself is kept beside the database under its hash.
CREATE TABLE ledger (
  id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL REFERENCES client (id),
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  certificate TEXT NOT NULL,
  created_at TEXT NOT NULL
);
CREATE INDEX ledger_of_client ON ledger (client_id, created_at);

-- Files that a job wrote about a ledger, an offer or a report, kept beside the database.
CREATE TABLE artefact (
  owner_id TEXT NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  PRIMARY KEY (owner_id, name)
);

-- Work for a child process. A running job with an expired lease is taken up again.
CREATE TABLE job (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('ingest', 'evaluate', 'report')),
  client_id TEXT REFERENCES client (id),
  request TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'finished', 'failed')),
  done_bytes BIGINT NOT NULL DEFAULT 0,
  total_bytes BIGINT NOT NULL DEFAULT 0,
  attempts BIGINT NOT NULL DEFAULT 0,
  result_id TEXT,
  problem TEXT,
  key_prefix TEXT NOT NULL,
  created_at TEXT NOT NULL,
  started_at TEXT,
  finished_at TEXT,
  lease_until TEXT
);
CREATE INDEX job_to_do ON job (status, created_at);

-- The document is the offer and its provenance, byte for byte. Only the envelope changes.
CREATE TABLE offer (
  id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL REFERENCES client (id),
  ledger_id TEXT NOT NULL REFERENCES ledger (id),
  document TEXT NOT NULL,
  envelope TEXT NOT NULL,
  status TEXT NOT NULL,
  valid_until TEXT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL
);
CREATE INDEX offer_of_client ON offer (client_id, created_at);

-- Invoices bought, with the terms of their purchase.
CREATE TABLE position (
  id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL REFERENCES client (id),
  offer_id TEXT REFERENCES offer (id),
  debtor_id TEXT NOT NULL,
  invoice_number TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  advance BIGINT NOT NULL CHECK (advance BETWEEN 0 AND amount),
  prepaid BIGINT NOT NULL DEFAULT 0,
  collected BIGINT NOT NULL DEFAULT 0,
  last_paid_on TEXT,
  purchased_on TEXT NOT NULL,
  due_on TEXT NOT NULL,
  terms TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('open', 'settled')),
  version BIGINT NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL
);
CREATE INDEX position_of_client ON position (client_id, invoice_number);
-- An invoice has at most one open purchase.
CREATE UNIQUE INDEX position_once ON position (client_id, debtor_id, invoice_number)
  WHERE status = 'open';

CREATE TABLE collection (
  id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL REFERENCES client (id),
  position_id TEXT REFERENCES position (id),
  kind TEXT NOT NULL CHECK (kind IN ('payment', 'recovery', 'unapplied')),
  debtor_id TEXT NOT NULL,
  invoice_number TEXT NOT NULL,
  currency TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  received_on TEXT NOT NULL,
  reference TEXT NOT NULL,
  created_at TEXT NOT NULL
);
CREATE INDEX collection_of_client ON collection (client_id, received_on);

CREATE TABLE settlement (
  position_id TEXT PRIMARY KEY REFERENCES position (id),
  settled_on TEXT NOT NULL,
  cause TEXT,
  collected BIGINT NOT NULL,
  fee BIGINT NOT NULL,
  shortfall BIGINT NOT NULL,
  chargeback BIGINT NOT NULL,
  factor_loss BIGINT NOT NULL,
  rebate BIGINT NOT NULL,
  created_at TEXT NOT NULL
);

CREATE TABLE report (
  id TEXT PRIMARY KEY,
  as_of TEXT,
  sections TEXT NOT NULL,
  created_at TEXT NOT NULL
);

CREATE TABLE quote (
  id TEXT PRIMARY KEY,
  contact TEXT NOT NULL,
  request TEXT NOT NULL,
  answer TEXT NOT NULL,
  created_at TEXT NOT NULL
);

-- Answers to POST requests, so that a repeated request is not carried out twice.
CREATE TABLE idempotency (
  key_prefix TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request_sha256 TEXT NOT NULL,
  status BIGINT NOT NULL,
  body TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (key_prefix, idempotency_key)
);

-- Append-only: each row holds the hash of the row before it.
CREATE TABLE audit (
  number BIGINT PRIMARY KEY,
  at TEXT NOT NULL,
  key_prefix TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
);

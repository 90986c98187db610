-- A database as version 0.1.0 made it: its own record of migrations, its tables, and rows.
CREATE TABLE migration (name TEXT PRIMARY KEY);
INSERT INTO migration (name) VALUES ('0001_start');
CREATE TABLE client (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  sector TEXT NOT NULL DEFAULT '',
  version BIGINT NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL
);
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
CREATE TABLE written (
  kind TEXT NOT NULL CHECK (kind IN ('policy', 'facility', 'debtor', 'model')),
  name TEXT NOT NULL,
  version BIGINT NOT NULL,
  text TEXT NOT NULL,
  key_prefix TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (kind, name, version)
);
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
CREATE TABLE artefact (
  owner_id TEXT NOT NULL,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  PRIMARY KEY (owner_id, name)
);
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
CREATE TABLE idempotency (
  key_prefix TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request_sha256 TEXT NOT NULL,
  status BIGINT NOT NULL,
  body TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (key_prefix, idempotency_key)
);
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
INSERT INTO client (id, name, sector, version, created_at) VALUES
  ('acme', 'Acme O''Neill Ltd', 'textiles', 2, '2026-06-30T09:00:01Z');
INSERT INTO client (id, name, sector, version, created_at) VALUES
  ('bolt', 'Bolt GmbH – Köln', '', 1, '2026-06-30T09:00:02Z');
INSERT INTO api_key (prefix, hash, role, client_id, name, created_at, expires_at, revoked_at) VALUES
  ('fk_00112233', '7fa67f7eb7e43cfcb7d0dc87092e6bfd4797694b4676eb3bc4c3119fb57cb1c2', 'admin', NULL, 'first', '2026-06-30T09:00:00Z', NULL, NULL);
INSERT INTO api_key (prefix, hash, role, client_id, name, created_at, expires_at, revoked_at) VALUES
  ('fk_8899aabb', '283bb9deef02e6843abfb538efa1eca70801bd8a701c3f98191e123496339247', 'client', 'acme', 'portal', '2026-06-30T09:00:03Z', '2027-06-30T00:00:00Z', '2026-06-30T09:00:04Z');
INSERT INTO written (kind, name, version, text, key_prefix, created_at) VALUES
  ('debtor', 'D1', 1, '{"name":"North Mill"}', 'fk_00112233', '2026-06-30T09:00:05Z');
INSERT INTO written (kind, name, version, text, key_prefix, created_at) VALUES
  ('debtor', 'D1', 2, '{"name":"North Mill Inc"}', 'fk_00112233', '2026-06-30T09:00:06Z');
INSERT INTO ledger (id, client_id, file_name, sha256, bytes, certificate, created_at) VALUES
  ('led_1', 'acme', 'june.csv', 'c0fa1ef864788c455b22e34d6b11eb282603eeec08b2b10d38c37683ef46952c', 214, '{}', '2026-06-30T09:00:07Z');
INSERT INTO artefact (owner_id, name, sha256, bytes) VALUES
  ('led_1', 'footing.json', '83470cdf33ac293beedc7cdafa391e32fa67a3135162cb542e5fb56f9bf7ee44', 2);
INSERT INTO job (id, kind, client_id, request, status, done_bytes, total_bytes, attempts, result_id, problem, key_prefix, created_at, started_at, finished_at, lease_until) VALUES
  ('job_1', 'ingest', 'acme', '{}', 'failed', 0, 214, 1, NULL, 'The file is empty.', 'fk_00112233', '2026-06-30T09:00:07Z', '2026-06-30T09:00:07Z', '2026-06-30T09:00:08Z', NULL);
INSERT INTO offer (id, client_id, ledger_id, document, envelope, status, valid_until, version, created_at) VALUES
  ('off_1', 'acme', 'led_1', '{}', '{}', 'declined', '2026-07-14', 2, '2026-06-30T09:00:08Z');
INSERT INTO position (id, client_id, offer_id, debtor_id, invoice_number, currency, amount, advance, prepaid, collected, last_paid_on, purchased_on, due_on, terms, status, version, created_at) VALUES
  ('pos_1', 'acme', NULL, 'D1', 'INV-1', 'USD', 100000, 80000, 0, 25000, '2026-06-20', '2026-06-01', '2026-07-01', '{"fee_plan":{"components":[{"kind":"flat","percent":"3"}]},"recourse":"non_recourse","recourse_days":60}', 'open', 2, '2026-06-30T09:00:09Z');
INSERT INTO position (id, client_id, offer_id, debtor_id, invoice_number, currency, amount, advance, prepaid, collected, last_paid_on, purchased_on, due_on, terms, status, version, created_at) VALUES
  ('pos_2', 'acme', NULL, 'D1', 'INV-2', 'USD', 100000, 80000, 0, 100000, '2026-06-20', '2026-06-01', '2026-07-01', '{"fee_plan":{"components":[{"kind":"flat","percent":"3"}]},"recourse":"non_recourse","recourse_days":60}', 'settled', 2, '2026-06-30T09:00:09Z');
INSERT INTO collection (id, client_id, position_id, kind, debtor_id, invoice_number, currency, amount, received_on, reference, created_at) VALUES
  ('col_1', 'acme', 'pos_1', 'payment', 'D1', 'INV-1', 'USD', 25000, '2026-06-20', 'wire', '2026-06-30T09:00:10Z');
INSERT INTO collection (id, client_id, position_id, kind, debtor_id, invoice_number, currency, amount, received_on, reference, created_at) VALUES
  ('col_2', 'acme', 'pos_2', 'payment', 'D1', 'INV-2', 'USD', 100000, '2026-06-20', 'wire', '2026-06-30T09:00:10Z');
INSERT INTO settlement (position_id, settled_on, cause, collected, fee, shortfall, chargeback, factor_loss, rebate, created_at) VALUES
  ('pos_2', '2026-06-20', NULL, 100000, 3000, 0, 0, 0, 17000, '2026-06-30T09:00:10Z');
INSERT INTO report (id, as_of, sections, created_at) VALUES
  ('rep_1', '2026-06-30', 'ageing', '2026-06-30T09:00:11Z');
INSERT INTO quote (id, contact, request, answer, created_at) VALUES
  ('quo_1', 'owner@acme.example', '{}', '{}', '2026-06-30T09:00:12Z');
INSERT INTO idempotency (key_prefix, idempotency_key, request_sha256, status, body, created_at) VALUES
  ('fk_00112233', 'k1', '454349e422f05297191ead13e21d3db520e5abef52055e4964b82fb213f593a1', 201, '{"id":"acme"}', '2026-06-30T09:00:01Z');
INSERT INTO audit (number, at, key_prefix, action, subject, detail, previous, hash) VALUES
  (1, '2026-06-30T09:00:00Z', 'cli', 'key.created', 'fk_00112233', 'admin', '0000000000000000000000000000000000000000000000000000000000000000', 'eb5f01e91ae36f370e7a5eae5c187f7a9b8ef447a53b3e23d9a5be208341ec24');
INSERT INTO audit (number, at, key_prefix, action, subject, detail, previous, hash) VALUES
  (2, '2026-06-30T09:00:01Z', 'fk_00112233', 'client.created', 'acme', 'Acme Ltd', 'eb5f01e91ae36f370e7a5eae5c187f7a9b8ef447a53b3e23d9a5be208341ec24', '171a96b5aad7c2fdac1ba98719119a079ce1d603996b1f1a7bea59229568bc79');
INSERT INTO audit (number, at, key_prefix, action, subject, detail, previous, hash) VALUES
  (3, '2026-06-30T09:00:02Z', 'fk_00112233', 'client.created', 'bolt', 'Bolt GmbH – Köln', '171a96b5aad7c2fdac1ba98719119a079ce1d603996b1f1a7bea59229568bc79', 'da4daad42db485fdea6a022d049401bb070ae96ac82abf6c19c8f9da35b5611b');
INSERT INTO audit (number, at, key_prefix, action, subject, detail, previous, hash) VALUES
  (4, '2026-06-30T09:00:03Z', 'fk_00112233', 'client.changed', 'acme', 'Acme O''Neill Ltd', 'da4daad42db485fdea6a022d049401bb070ae96ac82abf6c19c8f9da35b5611b', 'c2a21f8591903c873d98d8d2d30c5b61039e546699d4db1cea04588b8a913b10');
INSERT INTO audit (number, at, key_prefix, action, subject, detail, previous, hash) VALUES
  (5, '2026-06-30T09:00:10Z', 'fk_00112233', 'collections.recorded', 'acme', 'col_1, col_2', 'c2a21f8591903c873d98d8d2d30c5b61039e546699d4db1cea04588b8a913b10', '181a4445590d1b3906f96678e8899e33cca2b8679b3d8201ecf32eb61f87e443');

-- Invoices that a client sells in one currency under one set of terms: accepted, then funded by a
-- second person, or withdrawn. The sums are those of its lines.
CREATE TABLE purchase (
  id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL REFERENCES client (id),
  offer_id TEXT REFERENCES offer (id),
  currency TEXT NOT NULL,
  invoices BIGINT NOT NULL CHECK (invoices > 0),
  amount BIGINT NOT NULL,
  advance BIGINT NOT NULL,
  prepaid BIGINT NOT NULL,
  accepted_by TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('accepted', 'funded', 'withdrawn')),
  version BIGINT NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL
);
CREATE INDEX purchase_of_client ON purchase (client_id, id);
CREATE INDEX purchase_of_offer ON purchase (offer_id);
CREATE INDEX purchase_by_state ON purchase (state);

-- The evaluation that made an offer.
CREATE INDEX job_of_result ON job (result_id);

-- Its invoices in the order of the offer, each under the id of the position that it becomes.
CREATE TABLE purchase_line (
  position_id TEXT PRIMARY KEY,
  purchase_id TEXT NOT NULL REFERENCES purchase (id),
  place BIGINT NOT NULL,
  debtor_id TEXT NOT NULL,
  invoice_number TEXT NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  advance BIGINT NOT NULL CHECK (advance BETWEEN 0 AND amount),
  prepaid BIGINT NOT NULL,
  due_on TEXT NOT NULL,
  terms TEXT NOT NULL
);
CREATE INDEX purchase_line_of ON purchase_line (purchase_id);

-- The payout of a purchase: it is funded once.
CREATE TABLE funding (
  purchase_id TEXT PRIMARY KEY REFERENCES purchase (id),
  funded_on TEXT NOT NULL,
  amount BIGINT NOT NULL,
  payee TEXT NOT NULL,
  payee_version BIGINT NOT NULL,
  reference TEXT NOT NULL,
  funded_by TEXT NOT NULL,
  created_at TEXT NOT NULL
);

CREATE TABLE withdrawal (
  purchase_id TEXT PRIMARY KEY REFERENCES purchase (id),
  reason TEXT NOT NULL,
  withdrawn_by TEXT NOT NULL,
  created_at TEXT NOT NULL
);

-- A client's accounts. Rows are never changed: a change is a new version, about which a second
-- person calls the client back.
CREATE TABLE payee (
  client_id TEXT NOT NULL REFERENCES client (id),
  alias TEXT NOT NULL,
  version BIGINT NOT NULL,
  account TEXT NOT NULL,
  written_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (client_id, alias, version)
);

CREATE TABLE payee_call (
  client_id TEXT NOT NULL,
  alias TEXT NOT NULL,
  version BIGINT NOT NULL,
  note TEXT NOT NULL,
  called_by TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (client_id, alias, version)
);

-- Made anew for its check: SQLite cannot alter one.
CREATE TABLE api_key_of (
  prefix TEXT PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL CHECK (role IN ('client', 'underwriter', 'analyst', 'funder', 'admin')),
  client_id TEXT REFERENCES client (id),
  name TEXT NOT NULL,
  created_at TEXT NOT NULL,
  expires_at TEXT,
  revoked_at TEXT,
  CHECK ((role = 'client') = (client_id IS NOT NULL))
);
INSERT INTO api_key_of (prefix, hash, role, client_id, name, created_at, expires_at, revoked_at)
SELECT prefix, hash, role, client_id, name, created_at, expires_at, revoked_at FROM api_key;
DROP TABLE api_key;
ALTER TABLE api_key_of RENAME TO api_key;

-- The answers of debtors that were asked to confirm invoices. Rows are never changed: a later
-- answer counts.
CREATE TABLE confirmation (
  id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL REFERENCES client (id),
  answer TEXT NOT NULL,
  key_prefix TEXT NOT NULL,
  created_at TEXT NOT NULL
);
CREATE INDEX confirmation_of_client ON confirmation (client_id, id);

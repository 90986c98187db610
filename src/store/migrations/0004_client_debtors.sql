-- What is known about a client's debtor, and the known debtor that staff link it to. Rows are never
-- changed: a change is a new version.
CREATE TABLE client_debtor (
  client_id TEXT NOT NULL REFERENCES client (id),
  debtor_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  facts TEXT NOT NULL,
  known_debtor TEXT,
  key_prefix TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (client_id, debtor_id, version)
);
CREATE INDEX client_debtor_of_known ON client_debtor (known_debtor);

-- The other headers of a remembered answer, and the job that it queued.
ALTER TABLE idempotency ADD COLUMN location TEXT;
ALTER TABLE idempotency ADD COLUMN etag TEXT;
ALTER TABLE idempotency ADD COLUMN job_id TEXT;
CREATE INDEX idempotency_by_age ON idempotency (created_at);

-- A job may be cancelled. SQLite changes no constraint of a table, so the table is written anew.
CREATE TABLE job_as_of_8 (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('ingest', 'evaluate', 'report')),
  client_id TEXT REFERENCES client (id),
  request TEXT NOT NULL,
  status TEXT NOT NULL
    CHECK (status IN ('queued', 'running', 'finished', 'failed', 'cancelled')),
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
INSERT INTO job_as_of_8 (id, kind, client_id, request, status, done_bytes, total_bytes, attempts, result_id, problem,
  key_prefix, created_at, started_at, finished_at, lease_until)
SELECT id, kind, client_id, request, status, done_bytes, total_bytes, attempts, result_id, problem,
  key_prefix, created_at, started_at, finished_at, lease_until FROM job;
DROP TABLE job;
ALTER TABLE job_as_of_8 RENAME TO job;
CREATE INDEX job_to_do ON job (status, created_at);
CREATE INDEX job_of_result ON job (result_id);

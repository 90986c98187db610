-- The seals of what was written with a row of the log, JSON. From the row that audit_start names
-- on, the hash of a row is keyed; the key is kept outside the database.
ALTER TABLE audit ADD COLUMN seals TEXT NOT NULL DEFAULT '';

-- One row: the id of the database, and the number of the first keyed row of its audit log.
CREATE TABLE audit_start (
  id TEXT PRIMARY KEY,
  number BIGINT NOT NULL,
  created_at TEXT NOT NULL,
  seal TEXT NOT NULL
);

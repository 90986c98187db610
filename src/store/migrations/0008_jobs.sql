-- The next client is the one whose last job started first; jobs about all clients are one more.
CREATE INDEX job_of_client ON job (COALESCE(client_id, ''), started_at);
CREATE INDEX job_by_time ON job (created_at, id);

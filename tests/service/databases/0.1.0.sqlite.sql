CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER written_is_not_changed BEFORE UPDATE ON written
BEGIN SELECT RAISE(ABORT, 'a version is never changed'); END;
CREATE TRIGGER written_is_not_deleted BEFORE DELETE ON written
BEGIN SELECT RAISE(ABORT, 'a version is never changed'); END;

CREATE TRIGGER audit_start_is_not_changed BEFORE UPDATE ON audit_start
BEGIN SELECT RAISE(ABORT, 'the start of the audit log is never changed'); END;
CREATE TRIGGER audit_start_is_not_deleted BEFORE DELETE ON audit_start
BEGIN SELECT RAISE(ABORT, 'the start of the audit log is never changed'); END;

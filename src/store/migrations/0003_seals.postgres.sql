CREATE TRIGGER audit_start_is_append_only BEFORE UPDATE OR DELETE ON audit_start
FOR EACH ROW EXECUTE FUNCTION is_append_only();
CREATE TRIGGER audit_start_is_not_truncated BEFORE TRUNCATE ON audit_start
FOR EACH STATEMENT EXECUTE FUNCTION is_append_only();
CREATE TRIGGER audit_is_not_truncated BEFORE TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION is_append_only();
CREATE TRIGGER written_is_not_truncated BEFORE TRUNCATE ON written
FOR EACH STATEMENT EXECUTE FUNCTION is_append_only();
CREATE TRIGGER confirmation_is_not_truncated BEFORE TRUNCATE ON confirmation
FOR EACH STATEMENT EXECUTE FUNCTION is_append_only();

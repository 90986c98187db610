CREATE TRIGGER purchase_line_is_append_only BEFORE UPDATE OR DELETE ON purchase_line
FOR EACH ROW EXECUTE FUNCTION is_append_only();
CREATE TRIGGER purchase_line_is_not_truncated BEFORE TRUNCATE ON purchase_line
FOR EACH STATEMENT EXECUTE FUNCTION is_append_only();
CREATE TRIGGER funding_is_append_only BEFORE UPDATE OR DELETE ON funding
FOR EACH ROW EXECUTE FUNCTION is_append_only();
CREATE TRIGGER funding_is_not_truncated BEFORE TRUNCATE ON funding
FOR EACH STATEMENT EXECUTE FUNCTION is_append_only();
CREATE TRIGGER withdrawal_is_append_only BEFORE UPDATE OR DELETE ON withdrawal
FOR EACH ROW EXECUTE FUNCTION is_append_only();
CREATE TRIGGER withdrawal_is_not_truncated BEFORE TRUNCATE ON withdrawal
FOR EACH STATEMENT EXECUTE FUNCTION is_append_only();
CREATE TRIGGER payee_is_append_only BEFORE UPDATE OR DELETE ON payee
FOR EACH ROW EXECUTE FUNCTION is_append_only();
CREATE TRIGGER payee_is_not_truncated BEFORE TRUNCATE ON payee
FOR EACH STATEMENT EXECUTE FUNCTION is_append_only();
CREATE TRIGGER payee_call_is_append_only BEFORE UPDATE OR DELETE ON payee_call
FOR EACH ROW EXECUTE FUNCTION is_append_only();
CREATE TRIGGER payee_call_is_not_truncated BEFORE TRUNCATE ON payee_call
FOR EACH STATEMENT EXECUTE FUNCTION is_append_only();

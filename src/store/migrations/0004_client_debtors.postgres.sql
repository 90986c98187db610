CREATE TRIGGER client_debtor_is_append_only BEFORE UPDATE OR DELETE ON client_debtor
FOR EACH ROW EXECUTE FUNCTION is_append_only();
CREATE TRIGGER client_debtor_is_not_truncated BEFORE TRUNCATE ON client_debtor
FOR EACH STATEMENT EXECUTE FUNCTION is_append_only();

CREATE TRIGGER confirmation_is_append_only BEFORE UPDATE OR DELETE ON confirmation
FOR EACH ROW EXECUTE FUNCTION is_append_only();

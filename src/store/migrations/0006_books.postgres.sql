CREATE TRIGGER movement_is_append_only BEFORE UPDATE OR DELETE ON movement
FOR EACH ROW EXECUTE FUNCTION is_append_only();
CREATE TRIGGER entry_is_append_only BEFORE UPDATE OR DELETE ON entry
FOR EACH ROW EXECUTE FUNCTION is_append_only();
CREATE TRIGGER reversal_is_append_only BEFORE UPDATE OR DELETE ON reversal
FOR EACH ROW EXECUTE FUNCTION is_append_only();

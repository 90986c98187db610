CREATE FUNCTION is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION is_append_only();
CREATE TRIGGER written_is_append_only BEFORE UPDATE OR DELETE ON written
FOR EACH ROW EXECUTE FUNCTION is_append_only();

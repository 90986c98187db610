CREATE TRIGGER confirmation_is_not_changed BEFORE UPDATE ON confirmation
BEGIN SELECT RAISE(ABORT, 'a confirmation is never changed'); END;
CREATE TRIGGER confirmation_is_not_deleted BEFORE DELETE ON confirmation
BEGIN SELECT RAISE(ABORT, 'a confirmation is never changed'); END;

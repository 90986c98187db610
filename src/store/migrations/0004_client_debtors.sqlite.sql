CREATE TRIGGER client_debtor_is_not_changed BEFORE UPDATE ON client_debtor
BEGIN SELECT RAISE(ABORT, 'a version is never changed'); END;
CREATE TRIGGER client_debtor_is_not_deleted BEFORE DELETE ON client_debtor
BEGIN SELECT RAISE(ABORT, 'a version is never changed'); END;

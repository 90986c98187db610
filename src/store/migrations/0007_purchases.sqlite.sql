CREATE TRIGGER purchase_line_is_not_changed BEFORE UPDATE ON purchase_line
BEGIN SELECT RAISE(ABORT, 'a line of a purchase is never changed'); END;
CREATE TRIGGER purchase_line_is_not_deleted BEFORE DELETE ON purchase_line
BEGIN SELECT RAISE(ABORT, 'a line of a purchase is never changed'); END;
CREATE TRIGGER funding_is_not_changed BEFORE UPDATE ON funding
BEGIN SELECT RAISE(ABORT, 'a payout is never changed'); END;
CREATE TRIGGER funding_is_not_deleted BEFORE DELETE ON funding
BEGIN SELECT RAISE(ABORT, 'a payout is never changed'); END;
CREATE TRIGGER withdrawal_is_not_changed BEFORE UPDATE ON withdrawal
BEGIN SELECT RAISE(ABORT, 'a withdrawal is never changed'); END;
CREATE TRIGGER withdrawal_is_not_deleted BEFORE DELETE ON withdrawal
BEGIN SELECT RAISE(ABORT, 'a withdrawal is never changed'); END;
CREATE TRIGGER payee_is_not_changed BEFORE UPDATE ON payee
BEGIN SELECT RAISE(ABORT, 'a version is never changed'); END;
CREATE TRIGGER payee_is_not_deleted BEFORE DELETE ON payee
BEGIN SELECT RAISE(ABORT, 'a version is never changed'); END;
CREATE TRIGGER payee_call_is_not_changed BEFORE UPDATE ON payee_call
BEGIN SELECT RAISE(ABORT, 'a call is never changed'); END;
CREATE TRIGGER payee_call_is_not_deleted BEFORE DELETE ON payee_call
BEGIN SELECT RAISE(ABORT, 'a call is never changed'); END;

-- The right to each invoice that was bought, so that it is not bought again; the id is that of the
-- position. The number_key is shared by all spellings of the number, the debtor_key by all
-- spellings of the debtor's name. A claim that was released bars nothing: its invoice was bought
-- again after a chargeback, as the position of released_by.
CREATE TABLE claim (
  position_id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL REFERENCES client (id),
  debtor_id TEXT NOT NULL,
  debtor_name TEXT NOT NULL,
  debtor_key TEXT NOT NULL,
  tax_number TEXT,
  known_debtor TEXT,
  invoice_number TEXT NOT NULL,
  number_key TEXT NOT NULL,
  currency TEXT NOT NULL,
  face BIGINT NOT NULL CHECK (face > 0),
  amount BIGINT NOT NULL CHECK (amount > 0),
  issued_on TEXT,
  due_on TEXT NOT NULL,
  released_at TEXT,
  released_by TEXT
);
CREATE INDEX claim_of_number ON claim (number_key);
CREATE INDEX claim_of_debtor ON claim (debtor_key);

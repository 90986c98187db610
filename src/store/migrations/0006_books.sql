-- Something that happened between client, debtor and factor, in the order in which the movements
-- of a client were recorded. A reversal is a movement of its own.
CREATE TABLE movement (
  id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL REFERENCES client (id),
  number BIGINT NOT NULL,
  kind TEXT NOT NULL
    CHECK (kind IN ('purchase', 'collection', 'unapplied', 'recovery', 'settlement')),
  is_reversal BIGINT NOT NULL CHECK (is_reversal IN (0, 1)),
  subject TEXT NOT NULL,
  position_id TEXT REFERENCES position (id),
  debtor_id TEXT NOT NULL,
  invoice_number TEXT NOT NULL,
  booked_on TEXT NOT NULL,
  currency TEXT NOT NULL,
  UNIQUE (client_id, number)
);
-- Each step is booked once and undone once.
CREATE UNIQUE INDEX movement_once ON movement (kind, subject, is_reversal);

-- The amounts of a movement by account, which sum to 0: debits above 0, credits below.
CREATE TABLE entry (
  id TEXT PRIMARY KEY,
  movement_id TEXT NOT NULL REFERENCES movement (id),
  account TEXT NOT NULL,
  amount BIGINT NOT NULL,
  UNIQUE (movement_id, account)
);

-- What undoes a purchase, a part of a payment or a settlement; each is undone once.
CREATE TABLE reversal (
  id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL REFERENCES client (id),
  undoes TEXT NOT NULL CHECK (undoes IN ('purchase', 'collection', 'settlement')),
  subject TEXT NOT NULL,
  booked_on TEXT NOT NULL,
  reason TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (undoes, subject)
);
CREATE INDEX reversal_of_client ON reversal (client_id);

-- The days of the books may be later than those of payment and settlement, after a reversal.
ALTER TABLE collection ADD COLUMN payment_id TEXT NOT NULL DEFAULT '';
ALTER TABLE collection ADD COLUMN booked_on TEXT NOT NULL DEFAULT '';
ALTER TABLE collection ADD COLUMN account TEXT NOT NULL DEFAULT '';
UPDATE collection SET payment_id = id, booked_on = received_on;
CREATE INDEX collection_of_reference ON collection (reference);
CREATE INDEX collection_of_payment ON collection (payment_id);

-- A position may be settled anew after a settlement was undone.
CREATE TABLE settlement_of (
  id TEXT PRIMARY KEY,
  position_id TEXT NOT NULL REFERENCES position (id),
  settled_on TEXT NOT NULL,
  booked_on TEXT NOT NULL,
  cause TEXT,
  collected BIGINT NOT NULL,
  fee BIGINT NOT NULL,
  shortfall BIGINT NOT NULL,
  chargeback BIGINT NOT NULL,
  factor_loss BIGINT NOT NULL,
  rebate BIGINT NOT NULL,
  created_at TEXT NOT NULL
);
INSERT INTO settlement_of (id, position_id, settled_on, booked_on, cause, collected, fee, shortfall,
  chargeback, factor_loss, rebate, created_at)
SELECT position_id, position_id, settled_on, settled_on, cause, collected, fee, shortfall,
  chargeback, factor_loss, rebate, created_at
FROM settlement;
DROP TABLE settlement;
ALTER TABLE settlement_of RENAME TO settlement;
CREATE INDEX settlement_of_position ON settlement (position_id);

ALTER TABLE position ADD COLUMN settlement_id TEXT;
ALTER TABLE position ADD COLUMN reopened_on TEXT;
ALTER TABLE position ADD COLUMN reversed_on TEXT;
UPDATE position SET settlement_id = id WHERE status = 'settled';
DROP INDEX position_once;
-- An invoice has at most one open purchase that was not undone.
CREATE UNIQUE INDEX position_once ON position (client_id, debtor_id, invoice_number)
  WHERE status = 'open' AND reversed_on IS NULL;

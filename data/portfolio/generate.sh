#!/bin/sh
# Writes the ledgers of the sample portfolio; the same bytes every time.
# Run it in this folder, with `factorage` on the path.
set -eu
ledger() {
  out=$1; shift
  factorage generate --months 28 --end 2026-06-30 --out "$out.csv" "$@" >/dev/null
}
ledger bayou_marine         --seed 101 --invoices 420 --debtors 14
ledger cobalt_security      --seed 102 --invoices 660 --debtors 18 --payers weekly
ledger delta_fabrication    --seed 103 --invoices 560 --debtors 12 --payers slowing
ledger fjell_skiwear        --seed 104 --invoices 740 --debtors 30 --seasonal
ledger harbor_wholesale     --seed 105 --invoices 910 --debtors 40 --payers month-end
ledger lindqvist_textil     --seed 106 --invoices 520 --debtors 16 --payers month-end --currency EUR
ledger northgate_staffing   --seed 107 --invoices 980 --debtors 15 --payers weekly
ledger orchard_packaging    --seed 108 --invoices 600 --debtors 25
ledger prairie_foods        --seed 109 --invoices 840 --debtors 22 --payers weekly
ledger ridgeway_transport   --seed 110 --invoices 1080 --debtors 35
ledger summit_electrical    --seed 111 --invoices 460 --debtors 10
ledger thames_print         --seed 112 --invoices 490 --debtors 20 --currency GBP

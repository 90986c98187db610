use crate::evaluated::*;
use factorage::app::generate::*;
#[test]
fn timing() {
    for n in [60, 300, 1000] {
        let mut out = Vec::new();
        let t = std::time::Instant::now();
        generate(&GenerateOptions{invoices:n,debtors:8,clients:2,seed:1,end:date("2026-06-30"),months:12,currency:"USD".into()}, &mut out).unwrap();
        println!("gen {n} {:?}", t.elapsed());
        let t = std::time::Instant::now();
        let e = Desk::with("l.csv", &out).evaluate();
        println!("eval {n} {:?}", t.elapsed());
        let t = std::time::Instant::now();
        let x = offer_without_provenance(&e);
        println!("json {n} {:?} {}", t.elapsed(), x.len());
    }
    println!("{}", date("2026-06-30"));
}

#![doc = include_str!(concat!(env!("OUT_DIR"), "/index.rustdoc.md"))]

mod page;
mod render;
mod texts;

pub use page::Page;
pub use texts::{page, pages};

#[doc = include_str!(concat!(env!("OUT_DIR"), "/first_evaluation.rustdoc.md"))]
pub mod first_evaluation {}

#[doc = include_str!(concat!(env!("OUT_DIR"), "/exports.rustdoc.md"))]
pub mod exports {}

#[doc = include_str!(concat!(env!("OUT_DIR"), "/offers.rustdoc.md"))]
pub mod offers {}

#[doc = include_str!(concat!(env!("OUT_DIR"), "/book.rustdoc.md"))]
pub mod book {}

#[doc = include_str!(concat!(env!("OUT_DIR"), "/service.rustdoc.md"))]
pub mod service {}

#[doc = include_str!(concat!(env!("OUT_DIR"), "/model.rustdoc.md"))]
pub mod model {}

#[doc = include_str!(concat!(env!("OUT_DIR"), "/formulas.rustdoc.md"))]
pub mod formulas {}

#[doc = include_str!(concat!(env!("OUT_DIR"), "/limits.rustdoc.md"))]
pub mod limits {}

#[doc = include_str!(concat!(env!("OUT_DIR"), "/changelog.rustdoc.md"))]
pub mod changelog {}

#[doc = include_str!(concat!(env!("OUT_DIR"), "/contributing.rustdoc.md"))]
pub mod contributing {}

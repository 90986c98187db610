//! The front page of the guide, whose frame all its pages share.

use factorage::guide;

use super::same_page;

#[test]
fn the_front_page_of_the_guide_reads_as_kept() {
    let index = guide::page("index").expect("a front page");
    same_page("guide_index", &index.html);
}

//! An index is kept and used again, and nothing else is taken for one.

use crate::support::{Folder, collection, reference, square};

const RUN: &str = "--grids g.json --points p.csv --out o.csv --index i.gk";

#[test]
fn a_kept_index_gives_the_same_answers() {
    let folder = Folder::new();
    folder.write("g.json", reference("street105.geojson"));
    folder.write("p.csv", reference("street_points.csv"));
    folder.assign("--grids g.json --points p.csv --out plain.csv").succeeded();
    let built = folder.assign(&format!("{RUN} --stats")).succeeded().stats();
    let index = std::fs::read(folder.path("i.gk")).unwrap();
    assert_eq!(folder.read("o.csv"), folder.read("plain.csv"));
    std::fs::remove_file(folder.path("o.csv")).unwrap();
    let opened = folder.assign(&format!("{RUN} --stats")).succeeded().stats();
    assert_eq!(folder.read("o.csv"), folder.read("plain.csv"));
    for key in ["grids", "vertices", "points", "assigned", "outside", "index_bytes"] {
        assert_eq!(opened[key], built[key], "{key}");
    }
    assert!(index == std::fs::read(folder.path("i.gk")).unwrap(), "it is not written again");
    assert_eq!(folder.names(), ["g.json", "i.gk", "o.csv", "p.csv", "plain.csv"]);
}

#[test]
fn other_grids_and_other_rules_have_it_built_anew() {
    let folder = Folder::new();
    folder.write("p.csv", "lon,lat\n0.75,0.5\n");
    folder.write("g.json", collection(&[square(r#"{"code":"a","name":"n"}"#, 0.0)]));
    folder.assign(RUN).succeeded();
    folder.write("g.json", collection(&[square(r#"{"code":"b","name":"n"}"#, 0.0)]));
    let done = folder.assign(RUN).succeeded();
    assert!(done.errors().contains("i.gk: made of other grids; built anew"), "{}", done.errors());
    assert_eq!(folder.read("o.csv"), "row,grid\n1,b\n");
    folder.assign(&format!("{RUN} --grid-id name")).succeeded();
    assert_eq!(folder.read("o.csv"), "row,grid\n1,n\n");
    // What overlaps was taken with --first only, and is refused without.
    folder.write("g.json", collection(&[square("{}", 0.0), square("{}", 0.5)]));
    folder.assign(&format!("{RUN} --first")).succeeded();
    assert_eq!(folder.assign(RUN).code(), Some(1));
    folder.assign(&format!("{RUN} --first")).succeeded();
}

#[test]
fn what_is_no_index_is_refused_and_left_alone() {
    let folder = Folder::new();
    folder.write("p.csv", "lon,lat\n0.75,0.5\n");
    folder.write("g.json", collection(&[square("{}", 0.0)]));
    folder.assign(RUN).succeeded();
    let whole = std::fs::read(folder.path("i.gk")).unwrap();
    std::fs::remove_file(folder.path("o.csv")).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for (bytes, reason) in [
        (b"somebody's letter".to_vec(), "i.gk: not a grid index; left alone"),
        (Vec::new(), "i.gk: "),
        (whole[..whole.len() - 1].to_vec(), "i.gk: the index is damaged; left alone"),
        (whole[..20].to_vec(), "i.gk: the index is damaged; left alone"),
        (flipped, "i.gk: the index is damaged; left alone"),
    ] {
        folder.write("i.gk", &bytes);
        let done = folder.assign(RUN);
        assert_eq!(done.code(), Some(1));
        assert!(done.errors().contains(reason), "{reason}: {}", done.errors());
        assert_eq!(std::fs::read(folder.path("i.gk")).unwrap(), bytes);
        assert_eq!(folder.names(), ["g.json", "i.gk", "p.csv"], "no output appears");
    }
    let mut older = whole;
    older[8] ^= 1;
    folder.write("i.gk", older);
    let done = folder.assign(RUN).succeeded();
    assert!(done.errors().contains("i.gk: written by another version; built anew"), "{}", done.errors());
}

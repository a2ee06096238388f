//! What is wrong is said with its file, row and reason, and no output appears.

use std::fmt::Write;
use std::path::Path;

use gridkeeper::interop::assign::read_grids;

use crate::support::{Folder, collection, feature, reference, square};

const POINTS: &str = "lon,lat\n0.5,0.5\n";

fn refused(folder: &Folder, grids: &str, points: &str, reasons: &[&str]) {
    let before = folder.names();
    let done = folder.assign(&format!("--grids {grids} --points {points} --out out.csv"));
    let errors = done.errors();
    assert_eq!(done.code(), Some(1), "{errors}");
    for reason in reasons {
        assert!(errors.contains(reason), "{reason:?} is missing in: {errors}");
    }
    assert_eq!(folder.names(), before, "nothing appears");
}

#[test]
fn polygons_that_are_none_are_named() {
    let folder = Folder::new();
    folder.write("p.csv", POINTS);
    for (rings, reason) in [
        ("[[[0,0],[1,1],[1,0],[0,1],[0,0]]]", "a ring crosses or touches itself"),
        ("[[[0,0],[1,0],[1,1],[1,3],[1,1],[0,1],[0,0]]]", "straight back"),
        ("[[[0,0],[1,0],[2,0],[0,0]]]", "straight back"),
        ("[[[0,0],[1,0],[0,0]]]", "fewer than three corners"),
        ("[[[0,0],[0,0],[0,0],[0,0]]]", "fewer than three corners"),
        ("[[[179,0],[-179,0],[-179,1],[179,1],[179,0]]]", "180th meridian"),
        ("[[[181,0],[182,0],[182,1],[181,1],[181,0]]]", "longitude 181 is outside"),
        ("[[[35,116],[36,116],[36,117],[35,117],[35,116]]]", "swapped"),
        ("[[[0,0],[9,0],[9,9],[0,9],[0,0]],[[10,1],[11,1],[11,2],[10,1]]]", "a hole lies outside its shell"),
        ("[]", "empty"),
        ("[[]]", "fewer than three corners"),
        ("[[[0,0],[1,0],[1,null],[0,0]]]", "not valid GeoJSON"),
        ("[[[0],[1],[1]]]", "a position has two numbers"),
        ("[[[1e999,0],[1,0],[1,1],[0,0]]]", "not valid GeoJSON"),
        ("[[[NaN,0],[1,0],[1,1],[0,0]]]", "not valid GeoJSON"),
        ("[[[100,0],[101,0],[101,91],[100,0]]]", "latitude 91 is outside"),
    ] {
        folder.write("g.json", collection(&[square("{}", 5.0), feature("{}", rings)]));
        refused(&folder, "g.json", "p.csv", &["g.json: feature 2: ", reason]);
    }
}

#[test]
fn what_changes_no_shape_is_put_right_and_said() {
    let folder = Folder::new();
    folder.write("p.csv", "lon,lat\n0.5,0.5\n0.5,0.1\n1.5,0.5\n");
    // Repeated vertices, an open ring, a clockwise shell with an anticlockwise hole.
    folder.write(
        "g.json",
        collection(&[
            feature(
                "{}",
                "[[[0,0],[0,0],[0,1],[1,1],[1,0]],[[0.4,0.4],[0.6,0.4],[0.6,0.6],[0.4,0.6],[0.4,0.4]]]",
            ),
            square("{}", 1.0),
        ]),
    );
    let done = folder.assign("--grids g.json --points p.csv --out o.csv").succeeded();
    assert_eq!(folder.read("o.csv"), "row,grid\n1,\n2,0\n3,1\n");
    for reason in ["g.json: feature 1: ", "a vertex is repeated", "a ring is not closed"] {
        assert!(done.errors().contains(reason), "{}", done.errors());
    }
}

#[test]
fn a_polygon_of_a_million_vertices_is_a_polygon() {
    let folder = Folder::new();
    folder.write("p.csv", "lon,lat\n0.5,0.5\n0.9999999,0\n1.0000001,0\n0.5,1.2\n");
    let count = 1_000_000_u32;
    let mut ring = String::from("[[");
    for i in 0..count {
        let turn = f64::from(i) / f64::from(count) * std::f64::consts::TAU;
        let radius = if i % 2 == 0 { 1.0 } else { 0.999_998 };
        let _ = write!(ring, "[{:.9},{:.9}],", radius * turn.cos(), radius * turn.sin());
    }
    ring += "[1,0]]]";
    folder.write("g.json", collection(&[feature("{}", &ring)]));
    folder.assign("--grids g.json --points p.csv --out o.csv").succeeded();
    assert_eq!(folder.read("o.csv"), "row,grid\n1,0\n2,0\n3,\n4,\n");
}

#[test]
fn a_crossing_is_found_among_a_hundred_thousand_vertices() {
    let folder = Folder::new();
    folder.write("p.csv", "lon,lat\n0.5,0.5\n0.5,1.0001\n0.5,1.2\n");
    let teeth = 100_000_u32;
    let mut ring = String::from("[[[0,0],[1,0]");
    for i in 0..teeth {
        let x = 1.0 - f64::from(i) / f64::from(teeth);
        let _ = write!(ring, ",[{x},{}]", if i % 2 == 0 { "1" } else { "1.001" });
    }
    ring += ",[0,1],[0,0]]]";
    folder.write("g.json", collection(&[feature("{}", &ring)]));
    folder.assign("--grids g.json --points p.csv --out o.csv").succeeded();
    assert_eq!(folder.read("o.csv").lines().nth(1), Some("1,0"));
    assert_eq!(folder.read("o.csv").lines().nth(3), Some("3,"));
    folder.write("g.json", collection(&[feature("{}", &ring.replacen("[1,0],", "[1,0],[0.5,1.0002],", 1))]));
    refused(&folder, "g.json", "p.csv", &["g.json: feature 1: ", "a ring crosses or touches itself"]);
}

#[test]
fn files_that_are_not_grids_are_refused() {
    let folder = Folder::new();
    folder.write("p.csv", POINTS);
    let whole = reference("village3.geojson");
    folder.write("cut.json", &whole[..whole.len() / 2]);
    folder.write("none.json", collection(&[]));
    folder.write("empty.json", "");
    folder.write(
        "point.json",
        r#"{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[0,0]}}"#,
    );
    folder.write("text.json", "not JSON at all");
    folder.write("cut.fgb", b"fgb\x03fgb\x00\x10\x00");
    refused(&folder, "cut.json", "p.csv", &["cut.json: the file is cut short: it ends after feature 1"]);
    refused(&folder, "none.json", "p.csv", &["none.json: the file has no polygons"]);
    refused(&folder, "empty.json", "p.csv", &["empty.json: the file is empty"]);
    refused(
        &folder,
        "point.json",
        "p.csv",
        &["point.json: feature 1: a Polygon or MultiPolygon is expected"],
    );
    refused(&folder, "text.json", "p.csv", &["text.json: not valid GeoJSON from line 1"]);
    refused(&folder, "cut.fgb", "p.csv", &["cut.fgb: cannot be read as FlatGeobuf"]);
    let pair = collection(&[square("{}", 0.0), square("{}", 1.0)]);
    for length in 0..pair.len() {
        let read = read_grids(Path::new("cut.json"), &pair.as_bytes()[..length], None);
        assert!(read.is_err(), "the first {length} bytes");
    }
    refused(&folder, "missing.json", "p.csv", &["missing.json: cannot be read"]);
}

#[test]
fn rows_that_are_no_points_are_listed() {
    let folder = Folder::new();
    folder.write("g.json", collection(&[square("{}", 0.0)]));
    folder.write("p.csv", "lon,lat\n0.5,0.5\nNaN,0.5\n,0.5\n0.5,\n0.5,x\n0.5\n0.5,95.5\n");
    refused(
        &folder,
        "g.json",
        "p.csv",
        &[
            "p.csv: row 2: a coordinate is not a finite number",
            "p.csv: row 3: the longitude is empty",
            "p.csv: row 4: the latitude is empty",
            "p.csv: row 5: the latitude \"x\" is not a number",
            "p.csv: row 6: 1 cells under 2 headings",
            "p.csv: row 7: longitude and latitude look swapped",
        ],
    );
    folder.write("none.csv", "");
    refused(&folder, "g.json", "none.csv", &["none.csv: the file is empty"]);
    folder.write("other.csv", "a,b\n1,2\n");
    refused(
        &folder,
        "g.json",
        "other.csv",
        &["other.csv: there is none of the columns lon", "there are a, b"],
    );
    folder.write("open.csv", "lon,lat\n0.5,\"0.5\n0.5,0.5\n");
    refused(&folder, "g.json", "open.csv", &["open.csv: row 1: a quote is never closed"]);
    folder.write("binary.csv", [0, 1, 2, 3]);
    refused(&folder, "g.json", "binary.csv", &["binary.csv: not CSV"]);
    folder.write("cut.csv", "lon,lat\n0.5,0.5\n0.5");
    refused(&folder, "g.json", "cut.csv", &["cut.csv: row 2: 1 cells under 2 headings"]);
    folder.write("cut.parquet", b"PAR1 and then nothing");
    refused(&folder, "g.json", "cut.parquet", &["cut.parquet: not a whole Parquet file"]);
    refused(&folder, "g.json", "p.csv --lon e --lat n", &["p.csv: there is no column e; there are lon, lat"]);
    refused(&folder, "g.json", "p.csv --id name", &["p.csv: there is no column name"]);
    refused(&folder, "g.json", "missing.csv", &["missing.csv: cannot be read"]);
    let done = folder.assign("--grids g.json --points p.csv --out o.xlsx");
    assert_eq!(done.code(), Some(2), "{}", done.errors());
}

#[test]
fn overlaps_are_refused_and_listed_unless_the_first_is_asked_for() {
    let folder = Folder::new();
    folder.write("p.csv", "lon,lat\n0.25,0.5\n0.75,0.5\n1.25,0.5\n");
    folder.write("g.json", collection(&[square(r#"{"code":"b"}"#, 0.5), square(r#"{"code":"a"}"#, 0.0)]));
    refused(
        &folder,
        "g.json",
        "p.csv",
        &["g.json: feature 1 (b) and feature 2 (a) overlap by", "m² at 0.75,0.5", "overlap in 1 places"],
    );
    folder.assign("--grids g.json --points p.csv --out o.csv --first").succeeded();
    assert_eq!(folder.read("o.csv"), "row,grid\n1,a\n2,b\n3,b\n");
}

#[test]
fn an_earlier_output_outlives_a_refusal() {
    let folder = Folder::new();
    folder.write("g.json", collection(&[square("{}", 0.0)]));
    folder.write("good.csv", POINTS);
    let good: String = "0.5,0.5\n".repeat(1_000_000);
    folder.write("bad.csv", format!("lon,lat\n{good}oops,1\n"));
    folder.assign("--grids g.json --points good.csv --out out.csv").succeeded();
    let before = folder.read("out.csv");
    let done = folder.assign("--grids g.json --points bad.csv --out out.csv --threads 2");
    assert!(done.errors().contains("bad.csv: row 1000001: the longitude \"oops\""), "{}", done.errors());
    assert_eq!(folder.read("out.csv"), before);
}

//! `gridkeeper density`.

use std::fs;
use std::io::Cursor;
use std::process::Command;

use crate::support::{Columns, Folder, agree, reference};

const BOX: &str = "--bbox -50,-100,950,700 --size 10x8";

#[test]
fn every_kernel_agrees_with_scikit_learn_to_9_digits() {
    let folder = Folder::new();
    let points = reference("kde_points.csv");
    let expected = Columns::of(&fs::read_to_string(reference("kde_values.csv")).unwrap());
    for kernel in ["gaussian", "epanechnikov", "quartic", "triweight"] {
        folder.succeed(&format!(
            "density --points {} --weight weight --kernel {kernel} --bandwidth 120 --planar {BOX} --out o.csv",
            points.display()
        ));
        let found = Columns::of(&folder.read("o.csv"));
        assert_eq!(found.headings(), "x,y,value");
        for axis in ["x", "y"] {
            assert_eq!(found.get(axis), expected.get(axis), "rows run from the north-west");
        }
        agree(found.get("value"), expected.get(kernel), 1e-9).unwrap();
    }
}

#[test]
fn degrees_give_events_per_square_kilometre() {
    let folder = Folder::new();
    folder.write("p.csv", "lat,lon\n35.0755,116.3055\n");
    folder.succeed(
        "density --points p.csv --kernel quartic --bandwidth 500 --bbox 116.305,35.075,116.306,35.076 \
         --size 1x1 --out o.csv",
    );
    let value = Columns::of(&folder.read("o.csv")).get("value")[0];
    let peak = 3.0 / std::f64::consts::PI / 0.25;
    assert!((value / peak - 1.0).abs() < 1e-9, "{value} is not {peak}");

    // A degree of longitude is 91.2 km here: half a bandwidth away.
    folder.write("p.csv", "经度,纬度\n116.30276,35.0755\n");
    folder.succeed(
        "density --points p.csv --kernel quartic --bandwidth 500 --bbox 116.305,35.075,116.306,35.076 \
         --size 1x1 --out o.csv",
    );
    let value = Columns::of(&folder.read("o.csv")).get("value")[0];
    assert!((value / (peak * 0.75 * 0.75) - 1.0).abs() < 0.01, "{value}");
}

#[test]
fn a_geotiff_has_the_values_of_the_csv_and_its_place() {
    let folder = Folder::new();
    let points = reference("kde_points.csv");
    let command = format!(
        "density --points {} --kernel quartic --bandwidth 120 --planar {BOX} --out",
        points.display()
    );
    folder.succeed(&format!("{command} o.csv"));
    folder.succeed(&format!("{command} o.tif"));
    let expected = Columns::of(&folder.read("o.csv"));

    let mut tiff = tiff::decoder::Decoder::new(Cursor::new(fs::read(folder.path("o.tif")).unwrap())).unwrap();
    assert_eq!(tiff.dimensions().unwrap(), (10, 8));
    let tag = |decoder: &mut tiff::decoder::Decoder<_>, tag| decoder.get_tag_f64_vec(tag).unwrap();
    assert_eq!(tag(&mut tiff, tiff::tags::Tag::ModelPixelScaleTag), [100.0, 100.0, 0.0]);
    assert_eq!(tag(&mut tiff, tiff::tags::Tag::ModelTiepointTag), [0.0, 0.0, 0.0, -50.0, 700.0, 0.0]);
    let tiff::decoder::DecodingResult::F64(values) = tiff.read_image().unwrap() else {
        panic!("not floats");
    };
    assert_eq!(values, expected.get("value"));
}

#[test]
fn gdal_reads_the_geotiff() {
    let folder = Folder::new();
    folder.write("p.csv", "lon,lat\n116.3055,35.0755\n");
    folder.succeed(
        "density --points p.csv --kernel epanechnikov --bandwidth 300 --bbox 116.30,35.07,116.32,35.08 \
         --size 20x10 --out o.tif",
    );
    let run = Command::new("gdalinfo").args(["-json", "-stats"]).arg(folder.path("o.tif")).output();
    let run = run.expect("gdalinfo, which scripts/bootstrap.sh test installs");
    let seen: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!((&seen["driverShortName"], &seen["size"]), (&"GTiff".into(), &serde_json::json!([20, 10])));
    assert_eq!(seen["stac"]["proj:epsg"], 4326);
    assert_eq!(seen["bands"][0]["type"], "Float64");
    let corner = &seen["cornerCoordinates"]["lowerRight"];
    assert!((corner[0].as_f64().unwrap() - 116.32).abs() < 1e-9, "{corner}");
    assert!((corner[1].as_f64().unwrap() - 35.07).abs() < 1e-9, "{corner}");
    let peak = 2.0 / std::f64::consts::PI / 0.09;
    let greatest = seen["bands"][0]["maximum"].as_f64().unwrap();
    assert!((greatest / peak - 1.0).abs() < 0.05, "{greatest} for {peak}");
}

#[test]
fn a_picture_has_a_world_file() {
    let folder = Folder::new();
    folder.write("p.csv", "x,y\n5,5\n");
    folder.succeed(
        "density --points p.csv --kernel quartic --bandwidth 4 --planar --bbox 0,0,10,20 --size 10x20 --out o.png",
    );
    assert_eq!(folder.read("o.pgw"), "1\n0\n0\n-1\n0.5\n19.5\n");
    let mut reader =
        png::Decoder::new(Cursor::new(fs::read(folder.path("o.png")).unwrap())).read_info().unwrap();
    let mut packed = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut packed).unwrap();
    let pixel = |column: usize, row: usize| packed[row * 5 + column / 2] >> (4 * (1 - column % 2)) & 15;
    assert_eq!((pixel(0, 0), pixel(5, 19)), (0, 0), "nothing is there");
    assert_eq!((pixel(4, 14), pixel(4, 15), pixel(2, 14)), (8, 8, 6), "near the point");
}

#[test]
fn no_points_make_a_flat_surface() {
    let folder = Folder::new();
    folder.write("p.csv", "x,y,w\n");
    for (kernel, out) in [("gaussian", "o.csv"), ("triweight", "o.tif"), ("quartic", "o.png")] {
        folder.succeed(&format!(
            "density --points p.csv --weight w --kernel {kernel} --bandwidth 9 --planar --bbox 0,0,1,1 \
             --size 2x2 --out {out}"
        ));
    }
    assert_eq!(Columns::of(&folder.read("o.csv")).get("value"), [0.0; 4]);
}

#[test]
fn a_bandwidth_of_100_km_is_as_good_as_any() {
    let folder = Folder::new();
    folder.write("p.csv", "lon,lat\n116.3,35.0\n");
    folder.succeed(
        "density --points p.csv --kernel gaussian --bandwidth 100000 --bbox 116.29,34.99,116.31,35.01 --size 1x1 \
         --out o.csv",
    );
    let value = Columns::of(&folder.read("o.csv")).get("value")[0];
    assert!((value / (0.5 / std::f64::consts::PI / 1e4) - 1.0).abs() < 1e-6, "{value}");
}

#[test]
fn one_point_and_thirty_in_one_place_are_as_many_kernels() {
    let folder = Folder::new();
    for count in [1, 30] {
        folder.write("p.csv", &format!("x,y\n{}", "5,5\n".repeat(count)));
        for more in ["", "--adaptive"] {
            let line =
                "density --points p.csv --kernel quartic --bandwidth 4 --planar --bbox 4,4,6,6 --size 1x1";
            folder.succeed(&format!("{line} {more} --out o.csv"));
            let value = Columns::of(&folder.read("o.csv")).get("value")[0];
            let expected = count as f64 * 3.0 / std::f64::consts::PI / 16.0;
            assert!((value / expected - 1.0).abs() < 1e-9, "{count}{more}: {value} for {expected}");
        }
    }
}

/// Two crowds of ten, a kilometre apart, and one point alone.
fn crowds(folder: &Folder) {
    let two = |step: i32| format!("{},{}\n{},{}\n", step * 3, step * 5, 1000 + step * 4, step * 2);
    let lines: String = (0..10).map(two).collect();
    folder.write("p.csv", &format!("x,y\n{lines}500,900\n"));
}

const AROUND: &str = "--planar --bbox -200,-200,1400,1400 --size 40x40";

#[test]
fn a_bandwidth_is_chosen_from_the_points_in_whatever_unit() {
    let folder = Folder::new();
    crowds(&folder);
    let chosen = |line: &str| {
        let ended = folder.run(&format!("density --kernel gaussian --out o.csv {line}"));
        assert_eq!(ended.status, 0, "{}", ended.stderr);
        let said = ended.stdout.split("a bandwidth of ").nth(1).unwrap();
        said.split(',').next().unwrap().parse::<f64>().unwrap()
    };
    let scott = chosen(&format!("--points p.csv --bandwidth scott {AROUND}"));
    let [auto, cv] = ["auto", "cv"].map(|way| chosen(&format!("--points p.csv --bandwidth {way} {AROUND}")));
    assert!((auto - cv).abs() < f64::MIN_POSITIVE && (10.0..200.0).contains(&auto), "{auto}");
    assert!(scott > auto, "Scott's rule takes two crowds for one: {scott}, {auto}");
    // The same in units of which the whole is less than one.
    let csv = folder.read("p.csv");
    let smaller = |line: &str| {
        let (x, y) = line.split_once(',').unwrap();
        format!("{},{}\n", x.parse::<f64>().unwrap() / 1e4, y.parse::<f64>().unwrap() / 1e4)
    };
    let lines: String = csv.lines().skip(1).map(smaller).collect();
    folder.write("small.csv", &format!("x,y\n{lines}"));
    let small =
        chosen("--points small.csv --bandwidth auto --planar --bbox -0.02,-0.02,0.14,0.14 --size 9x9");
    assert!((small * 1e4 / auto - 1.0).abs() < 1e-3, "{small} for {auto}");

    folder.write("one.csv", "x,y\n5,5\n5,5\n");
    for way in ["auto", "scott"] {
        let line =
            format!("density --points one.csv --kernel quartic --bandwidth {way} {AROUND} --out n.csv");
        folder.refuse(&line, "n.csv", "points in two places at least");
    }
}

#[test]
fn adaptive_bandwidths_sharpen_crowds_and_flatten_the_lonely() {
    let folder = Folder::new();
    crowds(&folder);
    let values = |more: &str| {
        folder.succeed(&format!(
            "density --points p.csv --kernel quartic --bandwidth 120 {AROUND} --out o.csv {more}"
        ));
        Columns::of(&folder.read("o.csv")).get("value").to_vec()
    };
    let (fixed, adaptive) = (values(""), values("--adaptive"));
    let at = |x: f64, y: f64| ((1400.0 - y) / 40.0) as usize * 40 + ((x + 200.0) / 40.0) as usize;
    assert!(adaptive[at(20.0, 20.0)] > 1.04 * fixed[at(20.0, 20.0)]);
    assert!(adaptive[at(500.0, 900.0)] < 0.8 * fixed[at(500.0, 900.0)]);
    // A cell is 1600 square units; all points count.
    let all: f64 = adaptive.iter().sum::<f64>() * 1600.0;
    assert!((all - 21.0).abs() < 0.5, "{all}");
}

#[test]
fn within_an_area_nothing_is_lost_and_nothing_is_beyond() {
    let folder = Folder::new();
    folder.write("p.csv", "x,y\n10,500\n2000,2000\n");
    folder.write(
        "land.geojson",
        r#"{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1000,0],[1000,1000],[0,1000],[0,0]]]}}"#,
    );
    let line = "density --points p.csv --kernel quartic --bandwidth 100 --planar --bbox -200,0,1000,1000 --size 120x100";
    for adaptive in ["", "--adaptive"] {
        folder.succeed(&format!("{line} --within land.geojson {adaptive} --out o.csv"));
        let found = Columns::of(&folder.read("o.csv"));
        let cells = || found.get("x").iter().zip(found.get("value"));
        assert!(cells().all(|(x, value)| value.is_nan() == (*x < 0.0)));
        let all: f64 = cells().filter(|(x, _)| **x > 0.0).map(|(_, value)| value * 100.0).sum();
        assert!((all - 1.0).abs() < 0.01, "the point inside, whole: {all}");
    }
    for out in ["o.tif", "o.png"] {
        folder.succeed(&format!("{line} --within land.geojson --out {out}"));
    }
    folder.write("line.geojson", r#"{"type":"LineString","coordinates":[[0,0],[1,1]]}"#);
    folder.write("flat.geojson", r#"{"type":"Polygon","coordinates":[[[0,0],[1,0],[2,0],[0,0]]]}"#);
    folder.write("broken.geojson", "{\"type\":");
    for (file, because) in [
        ("line.geojson", "there is no polygon"),
        ("flat.geojson", "flat.geojson: the polygon has no extent"),
        ("broken.geojson", "broken.geojson"),
        ("none.geojson", "cannot read none.geojson"),
    ] {
        folder.refuse(&format!("{line} --within {file} --out n.csv"), "n.csv", because);
    }
}

#[test]
fn relative_to_other_points_it_is_so_many_for_each() {
    let folder = Folder::new();
    folder.write("fires.csv", "lon,lat,n\n116.3,35.07,6\n");
    folder.write("shops.csv", "lon,lat\n116.3,35.07\n116.3,35.07\n116.33,35.07\n");
    let line = "density --points fires.csv --weight n --kernel quartic --bandwidth 300 --bbox 116.29,35.06,116.34,35.08 \
                --size 50x20";
    folder.succeed(&format!("{line} --relative-to shops.csv --out o.csv"));
    let found = Columns::of(&folder.read("o.csv"));
    let (mut each, mut none) = (0, 0);
    for (x, value) in found.get("x").iter().zip(found.get("value")) {
        if value.is_nan() {
            none += 1;
        } else {
            let expected = if *x < 116.315 { 3.0 } else { 0.0 };
            assert!((value - expected).abs() < 1e-9, "{value} at {x}");
            each += 1;
        }
    }
    assert!(each > 20 && none > 500, "{each} and {none}");
    folder.succeed(&format!("{line} --relative-to shops.csv --out o.png"));
    for more in ["--adaptive", "--within land.geojson"] {
        let line = format!("{line} --relative-to shops.csv {more} --out n.csv");
        folder.refuse(&line, "n.csv", "cannot be used with");
    }
    folder.write("none.csv", "lon,lat\n");
    folder.succeed(&format!("{line} --relative-to none.csv --out o.csv"));
    assert!(Columns::of(&folder.read("o.csv")).get("value").iter().all(|value| value.is_nan()));
}

#[test]
fn what_cannot_be_meant_is_refused_with_file_row_and_reason() {
    let folder = Folder::new();
    folder.write("p.csv", "x,y,w\n1,2,3\n4,5,-6\n");
    folder.write("nan.csv", "x,y\n1,2\nNaN,5\n");
    folder.write("weights.csv", "x,y,w\n1,2,3\n4,5,NaN\n6,7,heavy\n");
    folder.write("far.csv", "lon,lat\n116,35\n35,116\n");
    let good = [
        ("--points", "p.csv"),
        ("--kernel", "quartic"),
        ("--bandwidth", "5"),
        ("--planar", ""),
        ("--bbox", "0,0,9,9"),
        ("--size", "3x3"),
        ("--out", "o.csv"),
    ];
    for (changed, to, because) in [
        ("--bandwidth", "0", "--bandwidth: 0 is not a length above 0"),
        ("--bandwidth", "-3", "--bandwidth: -3 is not a length above 0"),
        ("--bandwidth", "NaN", "--bandwidth: NaN is not a length above 0"),
        ("--bandwidth", "wide", "a length, or auto (cv) or scott"),
        ("--points", "none.csv", "cannot read none.csv"),
        ("--points", "nan.csv", "row 3, x: \"NaN\" is not a finite number"),
        ("--points", "p.csv --weight w", "p.csv: row 3: the weight -6 is negative"),
        ("--points", "weights.csv --weight w", "row 3, w: \"NaN\" is not a finite number"),
        ("--points", "p.csv --weight ww", "there is no column ww; there are: x, y, w"),
        ("--kernel", "cosine", "gaussian, epanechnikov, quartic or triweight"),
        ("--bbox", "0,0,0,9", "xmin < xmax"),
        ("--bbox", "0,0,9", "four numbers"),
        ("--size", "0x5", "columns and rows"),
        ("--size", "99999x99999", "100000000 cells at most"),
        ("--out", "o.jpg", "the name should end in .csv, .tif or .png"),
    ] {
        let line: Vec<String> = good
            .iter()
            .map(|&(name, value)| format!("{name} {}", if name == changed { to } else { value }))
            .collect();
        folder.refuse(&format!("density {}", line.join(" ")), "o.csv", because);
    }
    let degrees = "density --kernel quartic --bandwidth 5 --size 3x3 --out o.csv";
    folder.refuse(
        &format!("{degrees} --points far.csv --bbox 115,34,117,36"),
        "o.csv",
        "far.csv: row 3: longitude and latitude look swapped",
    );
    folder.refuse(&format!("{degrees} --points p.csv --bbox 0,0,900,9"), "o.csv", "say --planar");
    folder.refuse(&format!("{degrees} --points p.csv --bbox 70,20,130,50"), "o.csv", "compute it in parts");
}

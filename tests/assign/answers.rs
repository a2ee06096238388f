//! Right answers in every format, in the order of the points.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up should say so and stop")]

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use flatgeobuf::geozero::{self, ColumnValue, GeomProcessor, GeozeroGeometry, PropertyProcessor};
use flatgeobuf::{ColumnType, FgbWriter, GeometryType};
use gridkeeper::interop::assign::read_grids;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;

use crate::support::{Folder, collection, reference, square};

/// The rows of a reference file of points: longitude, latitude, answer.
fn rows(text: &str) -> Vec<(f64, f64, String)> {
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        (cells[0].parse().unwrap(), cells[1].parse().unwrap(), cells[2].to_owned())
    };
    text.lines().skip(1).map(row).collect()
}

/// What an answer file should be when points are known by their rows.
fn expected(text: &str) -> String {
    let lines = rows(text).into_iter().enumerate().map(|(i, (.., grid))| format!("{},{grid}\n", i + 1));
    std::iter::once("row,grid\n".to_owned()).chain(lines).collect()
}

#[test]
fn reference_points_are_where_exact_predicates_put_them() {
    for (grids, points, count) in
        [("village3.geojson", "village_points.csv", 3), ("street105.geojson", "street_points.csv", 105)]
    {
        let folder = Folder::new();
        let text = reference(points);
        folder.write(grids, reference(grids));
        folder.write(points, &text);
        let done = folder
            .assign(&format!("--grids {grids} --points {points} --out out.csv --threads 2 --stats"))
            .succeeded();
        assert_eq!(folder.read("out.csv"), expected(&text));
        let stats = done.stats();
        let total = rows(&text).len();
        let outside = rows(&text).iter().filter(|(.., grid)| grid.is_empty()).count();
        assert_eq!((&stats["grids"], &stats["points"]), (&count.into(), &total.into()));
        assert_eq!((&stats["outside"], &stats["assigned"]), (&outside.into(), &(total - outside).into()));
        assert_eq!(stats["threads"], 2);
        let keys: Vec<&str> = stats.as_object().unwrap().keys().map(String::as_str).collect();
        let mut wanted = [
            "grids",
            "vertices",
            "points",
            "assigned",
            "outside",
            "build_s",
            "assign_s",
            "total_s",
            "threads",
            "index_bytes",
        ];
        wanted.sort_unstable();
        assert_eq!(keys, wanted);
        let seconds = |key: &str| stats[key].as_f64().unwrap();
        assert!(
            seconds("build_s") > 0.0 && seconds("assign_s") > 0.0 && seconds("total_s") > seconds("build_s")
        );
        assert!(stats["vertices"].as_u64() > Some(6000) && stats["index_bytes"].as_u64() > Some(100_000));
    }
}

/// A polygon's one ring.
struct Ring(Vec<(f64, f64)>);

impl GeozeroGeometry for Ring {
    fn process_geom<P: GeomProcessor>(&self, out: &mut P) -> geozero::error::Result<()> {
        out.polygon_begin(true, 1, 0)?;
        out.linestring_begin(false, self.0.len(), 0)?;
        for (i, &(x, y)) in self.0.iter().enumerate() {
            out.xy(x, y, i)?;
        }
        out.linestring_end(false, 0)?;
        out.polygon_end(true, 0)
    }
}

fn flatgeobuf(collection: &Value) -> Vec<u8> {
    let mut writer = FgbWriter::create("grids", GeometryType::Polygon).unwrap();
    writer.add_column("id", ColumnType::Int, |_, _| {});
    for feature in collection["features"].as_array().unwrap() {
        let ring = feature["geometry"]["coordinates"][0].as_array().unwrap();
        let number = |value: &Value| value.as_f64().unwrap();
        let ring = Ring(ring.iter().map(|p| (number(&p[0]), number(&p[1]))).collect());
        let id = i32::try_from(feature["properties"]["id"].as_i64().unwrap()).unwrap();
        writer
            .add_feature_geom(ring, |feature| {
                feature.property(0, "id", &ColumnValue::Int(id)).unwrap();
            })
            .unwrap();
    }
    let mut bytes = Vec::new();
    writer.write(&mut bytes).unwrap();
    bytes
}

fn parquet(folder: &Folder, name: &str, columns: Vec<(&str, ArrayRef)>) {
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let file = File::create(folder.path(name)).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

#[test]
fn a_parquet_that_does_not_fit_is_told_why() {
    let folder = Folder::new();
    folder.write("g.json", collection(&[square("{}", 0.0)]));
    let numbers = |list: &[Option<f64>]| -> ArrayRef { Arc::new(Float64Array::from(list.to_vec())) };
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["a", "b", "c"]));
    parquet(
        &folder,
        "p.parquet",
        vec![
            ("lon", numbers(&[Some(0.5), None, Some(f64::NAN)])),
            ("lat", numbers(&[Some(0.5), Some(0.5), Some(0.5)])),
            ("名称", texts),
        ],
    );
    let whole = std::fs::read(folder.path("p.parquet")).unwrap();
    folder.write("cut.parquet", &whole[..whole.len() - 20]);
    for (points, reasons) in [
        ("p.parquet --id code", vec!["p.parquet: there is no column code; there are lon, lat, 名称"]),
        ("p.parquet --lon x --lat lat", vec!["p.parquet: there is no column x"]),
        ("p.parquet --lon 名称 --lat lat", vec!["p.parquet: ", "名称"]),
        ("cut.parquet", vec!["cut.parquet: not a whole Parquet file"]),
        (
            "p.parquet",
            vec![
                "p.parquet: row 2: the longitude is empty",
                "p.parquet: row 3: a coordinate is not a finite number",
            ],
        ),
    ] {
        let done = folder.assign(&format!("--grids g.json --points {points} --out o.csv"));
        assert_eq!(done.code(), Some(1), "{}", done.errors());
        for reason in reasons {
            assert!(done.errors().contains(reason), "{reason:?} is missing in: {}", done.errors());
        }
    }
    assert_eq!(folder.names(), ["cut.parquet", "g.json", "p.parquet"], "no output appears");
}

#[test]
fn a_flatgeobuf_that_is_cut_anywhere_is_refused() {
    let squares = [square(r#"{"id":1}"#, 0.0), square(r#"{"id":2}"#, 1.0)];
    let whole = flatgeobuf(&serde_json::from_str(&collection(&squares)).unwrap());
    let read = |length: usize| read_grids(Path::new("grids.fgb"), &whole[..length], None);
    // The writer has put them in another order.
    assert_eq!(read(whole.len()).unwrap().labels, ["2", "1"]);
    for length in 0..whole.len() {
        assert!(read(length).is_err(), "the first {length} bytes");
    }
    let folder = Folder::new();
    folder.write("p.csv", "lon,lat\n0.5,0.5\n");
    folder.write("cut.fgb", &whole[..whole.len() - 9]);
    let done = folder.assign("--grids cut.fgb --points p.csv --out o.csv");
    assert_eq!(done.code(), Some(1), "{}", done.errors());
    assert!(done.errors().contains("cut.fgb: cannot be read as FlatGeobuf"), "{}", done.errors());
    assert_eq!(folder.names(), ["cut.fgb", "p.csv"], "no output appears");
}

#[test]
fn every_format_gives_the_same_answers() {
    let folder = Folder::new();
    let (grids, text) = (reference("street105.geojson"), reference("street_points.csv"));
    let json: Value = serde_json::from_str(&grids).unwrap();
    let lines: Vec<String> = json["features"].as_array().unwrap().iter().map(Value::to_string).collect();
    folder.write("grids.ndjson", lines.join("\n"));
    folder.write("grids.geojsons", "\u{1e}".to_owned() + &lines.join("\n\u{1e}"));
    folder.write("grids.fgb", flatgeobuf(&json));
    folder.write("grids.json", grids);
    folder.write("points.csv", &text);
    let rows = rows(&text);
    let numbers = |of: fn(&(f64, f64, String)) -> f64| Float64Array::from_iter_values(rows.iter().map(of));
    let names = Int64Array::from_iter_values((0..rows.len()).map(|i| i64::try_from(i).unwrap() - 5));
    parquet(
        &folder,
        "points.parquet",
        vec![
            ("name", Arc::new(names)),
            ("纬度", Arc::new(numbers(|row| row.1))),
            ("other", Arc::new(StringArray::from_iter_values(rows.iter().map(|row| &row.2)))),
            ("经度", Arc::new(numbers(|row| row.0))),
        ],
    );
    let expected = expected(&text);
    for grids in ["grids.ndjson", "grids.geojsons", "grids.fgb", "grids.json"] {
        for points in ["points.csv", "points.parquet"] {
            folder.assign(&format!("--grids {grids} --points {points} --out out.csv")).succeeded();
            assert!(folder.read("out.csv") == expected, "{grids} with {points}");
        }
    }
    folder.assign("--grids grids.fgb --points points.parquet --id name --out out.parquet").succeeded();
    let reader =
        ParquetRecordBatchReaderBuilder::try_new(File::open(folder.path("out.parquet")).unwrap()).unwrap();
    let mut answers = Vec::new();
    for batch in reader.build().unwrap() {
        let batch = batch.unwrap();
        let (names, grids) =
            (batch.column(0).as_primitive::<Int64Type>(), batch.column(1).as_string::<i32>());
        answers.extend((0..batch.num_rows()).map(|i| {
            (names.value(i), if grids.is_null(i) { String::new() } else { grids.value(i).to_owned() })
        }));
    }
    let wanted: Vec<_> = (-5..).zip(rows.into_iter().map(|row| row.2)).collect();
    assert!(answers == wanted);
}

#[test]
fn long_files_keep_their_order_on_any_number_of_threads() {
    let folder = Folder::new();
    folder.write("grids.geojson", collection(&[square("{}", 0.0), square("{}", 1.0), square("{}", 2.0)]));
    // Some forty megabytes: several rounds of several blocks.
    let count = 600_000_u32;
    let longitude = |i: u32| f64::from(i % 4_000) / 1000.0;
    let row =
        |i: u32| format!("{},0.500000000000000,point number {i} of a long file,\"{i}\"\n", longitude(i));
    let text: String = std::iter::once("lng,lat,words,id\n".to_owned()).chain((0..count).map(row)).collect();
    folder.write("points.csv", text);
    let mut outputs = Vec::new();
    for threads in [1, 3] {
        let arguments =
            format!("--grids grids.geojson --points points.csv --id id --out out.csv --threads {threads}");
        folder.assign(&arguments).succeeded();
        outputs.push(folder.read("out.csv"));
    }
    assert!(outputs[0] == outputs[1]);
    let wanted = |i: u32| match longitude(i) as u32 {
        grid @ 0..3 => format!("{i},{grid}"),
        // The eastern rim is inside.
        _ if i % 4_000 == 3_000 => format!("{i},2"),
        _ => format!("{i},"),
    };
    let mut lines = outputs[0].lines();
    assert_eq!(lines.next(), Some("id,grid"));
    assert!(lines.eq((0..count).map(wanted)));
}

#[test]
fn names_come_from_columns_and_properties_in_any_writing() {
    let folder = Folder::new();
    folder.write(
        "g.json",
        collection(&[square(r#"{"名称":"甲,区"}"#, 116.0), square(r#"{"名称":"乙"}"#, 117.0)]),
    );
    let text = "编号;经度;纬度\n\"一;1\";116.5;0.5\n二;117.5;0.5\n三;118.5;0.5\n";
    folder.write("p.csv", encoding_rs::GB18030.encode(text).0);
    folder.assign("--grids g.json --grid-id 名称 --points p.csv --id 编号 --out o.csv").succeeded();
    assert_eq!(folder.read("o.csv"), "编号,grid\n一;1,\"甲,区\"\n二,乙\n三,\n");
    assert_eq!(folder.names(), ["g.json", "o.csv", "p.csv"]);
}

#[test]
fn coordinates_of_other_systems_are_converted() {
    let folder = Folder::new();
    let west = 116.0;
    folder.write("g.json", collection(&[square("{}", west), square("{}", west + 1.0)]));
    // 117°E is some 500 m further east in GCJ-02.
    folder.write("p.csv", "x,y,e,n\n117.003,0.5,0,0\n117.003,40.5,0,0\n");
    let shifted = collection(&[
        crate::support::feature("{}", "[[[116,40],[117,40],[117,41],[116,41],[116,40]]]"),
        crate::support::feature("{}", "[[[117,40],[118,40],[118,41],[117,41],[117,40]]]"),
    ]);
    folder.write("north.json", shifted);
    folder.assign("--grids north.json --points p.csv --out wgs.csv --crs wgs84").succeeded();
    folder.assign("--grids north.json --points p.csv --out gcj.csv --crs gcj02").succeeded();
    assert_eq!(folder.read("wgs.csv"), "row,grid\n1,\n2,1\n");
    assert_eq!(folder.read("gcj.csv"), "row,grid\n1,\n2,0\n");
}

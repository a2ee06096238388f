//! `gridkeeper clusters`.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use chrono::{Days, NaiveDate};

use crate::support::{Columns, Folder};

/// A report every other day for a year, each at another of 25 doors 400 m apart; and in the last week of it six more
/// between them, within 50 m.
fn year(folder: &Folder) {
    let usual = (0..180_u32).map(|step| {
        let (column, row) = (step * 7 % 5, step * 3 % 25 / 5);
        let day = NaiveDate::from_ymd_opt(2022, 1, 1).unwrap() + Days::new(u64::from(2 * step));
        let (lon, lat) = (116.30 + 0.004 * f64::from(column), 35.07 + 0.004 * f64::from(row));
        format!("{lon},{lat},{day} 08:30\n")
    });
    let lately = (0..6).map(|step| {
        let (lon, day) = (116.306 + 0.0001 * f64::from(step), 21 + step);
        format!("{lon},35.0762,2022-12-{day}T09:00:00+08:00\n")
    });
    let lines: String = usual.chain(lately).collect();
    folder.write("p.csv", &format!("lon,lat,time\n{lines}"));
}

#[test]
fn an_emerging_cluster_is_found_with_its_rows() {
    let folder = Folder::new();
    year(&folder);
    folder.succeed("clusters scan --points p.csv --radius 300 --days 14 --until 2022-12-26 --out o.csv");
    let csv = folder.read("o.csv");
    assert_eq!(csv.lines().next().unwrap(), "cluster,x,y,radius_m,from,to,count,expected,ratio,p,rows");
    assert_eq!(csv.lines().count(), 2, "{csv}");
    let cells: Vec<&str> = csv.lines().nth(1).unwrap().split(',').collect();
    let number = |cell: usize| cells[cell].parse::<f64>().unwrap();
    assert!((number(1) - 116.3062).abs() < 0.002 && (number(2) - 35.0762).abs() < 0.002, "{csv}");
    assert!(number(6) >= 6.0 && number(8) > 5.0 && number(9) <= 0.05, "{csv}");
    assert_eq!(cells[5], "2022-12-26");
    let rows: Vec<u32> = cells[10].split(' ').map(|row| row.parse().unwrap()).collect();
    assert!((182..=187).all(|row| rows.contains(&row)), "{rows:?}");

    // Before it began there was none.
    folder.succeed("clusters scan --points p.csv --radius 300 --days 14 --until 2022-12-15 --out o.csv");
    assert_eq!(folder.read("o.csv").lines().count(), 1);
}

#[test]
fn near_repeats_are_counted_and_windows_open() {
    let folder = Folder::new();
    year(&folder);
    folder.succeed(
        "clusters knox --points p.csv --distance 100 --distances 2 --days 7 --times 3 --seed 5 --out o.csv --windows w.csv",
    );
    let table = Columns::of(&folder.read("o.csv"));
    assert_eq!(table.headings(), "from_m,to_m,from_days,to_days,observed,expected,ratio,p,raised");
    assert_eq!(table.get("from_m"), [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 100.0, 100.0, 100.0]);
    assert_eq!(table.get("to_days"), [7.0, 14.0, 21.0, 7.0, 14.0, 21.0, 7.0, 14.0, 21.0]);
    // The six are within 50 m and a week of each other: 15 pairs.
    assert!(table.get("observed")[3] >= 15.0 && table.get("p")[3] <= 0.01 && table.get("raised")[3] > 0.5);
    let windows = folder.read("w.csv");
    assert!(windows.starts_with("row,x,y,day,radius_m,until,ratio\n"));
    let latest = windows.lines().nth(1).unwrap();
    assert!(latest.contains(",2022-12-2") && latest.contains(",100,"), "{windows}");

    let file = folder.read("o.csv");
    folder.succeed(
        "clusters knox --points p.csv --distance 100 --distances 2 --days 7 --times 3 --seed 5 --out o.csv",
    );
    assert_eq!(folder.read("o.csv"), file, "a seed gives the same file");
}

#[test]
fn one_point_and_all_in_one_place_have_no_clusters() {
    let folder = Folder::new();
    folder.write("one.csv", "x,y,date\n5,5,2022-01-01\n");
    folder.write("spot.csv", &("x,y,date\n".to_owned() + &"5,5,2022-01-01\n".repeat(30)));
    for file in ["one.csv", "spot.csv"] {
        folder.succeed(&format!("clusters scan --planar --points {file} --out o.csv"));
        assert_eq!(folder.read("o.csv").lines().count(), 1, "{file}");
        folder.succeed(&format!("clusters knox --planar --points {file} --out o.csv --windows w.csv"));
        assert!(
            Columns::of(&folder.read("o.csv")).get("raised").iter().all(|raised| *raised < 0.5),
            "{file}"
        );
        assert_eq!(folder.read("w.csv").lines().count(), 1, "{file}");
    }
}

#[test]
fn what_cannot_be_meant_is_refused_with_file_row_and_reason() {
    let folder = Folder::new();
    folder.write("p.csv", "lon,lat,time\n116.3,35,2022-01-01\n116.3,35,2022-02-30\n");
    folder.write("x.csv", "lon,lat,time\n116.3,35,2022-01-01\nhere,35,2022-02-03\n");
    folder.write("swapped.csv", "lon,lat,time\n116.3,35,2022-01-01\n35,116.3,2022-02-03\n");
    folder.write("none.csv", "lon,lat,time\n");
    folder.write("untimed.csv", "lon,lat\n116.3,35\n");
    folder.write("good.csv", "lon,lat,time\n116.3,35,2022-01-01\n116.31,35,2022-01-02\n");
    for way in ["scan", "knox"] {
        for (rest, because) in [
            ("--points p.csv", "p.csv: row 3: time: \"2022-02-30\" is no date (2022-09-26)"),
            ("--points x.csv", "row 3, lon: \"here\" is not a finite number"),
            ("--points swapped.csv", "swapped.csv"),
            ("--points none.csv", "none.csv: there are no points"),
            ("--points untimed.csv", "there is no column time / date"),
            ("--points gone.csv", "cannot read gone.csv"),
            ("--points good.csv --time when", "there is no column when; there are: lon, lat, time"),
            ("--points good.csv --until soon", "--until"),
            ("--points good.csv --permutations 0", "--permutations"),
            ("--points good.csv --days 0", "--days"),
        ] {
            folder.refuse(&format!("clusters {way} {rest} --out o.csv"), "o.csv", because);
        }
    }
    folder.refuse("clusters scan --points good.csv --level 0 --out o.csv", "o.csv", "above 0, and 1 at most");
    folder.refuse("clusters knox --points good.csv --distance 1 --out o.csv", "o.csv", "--distance");
}

//! `gridkeeper hotspots`.

use std::fs;

use crate::support::{Columns, Folder, agree, reference};

/// Permuted so often, a p-value is known to three standard deviations of both estimates.
fn within_monte_carlo_error(found: &[f64], expected: &[f64]) -> Result<(), String> {
    for (unit, (&found, &expected)) in found.iter().zip(expected).enumerate() {
        let error = (expected * (1.0 - expected) * 2.0 / 10_000.0).sqrt();
        // 127 units are compared in six columns: the largest of so many errors is near four standard deviations.
        if (found - expected).abs() > 4.5 * error + 1e-4 {
            return Err(format!("unit {unit}: {found} for {expected}"));
        }
    }
    Ok(())
}

#[test]
fn scores_agree_with_esda_to_9_digits_and_p_within_monte_carlo_error() {
    for (set, column) in [("columbus_CRIME", "CRIME"), ("stl_HR8893", "HR8893")] {
        let values = reference(&format!("{set}_lisa.csv"));
        let expected = Columns::of(&fs::read_to_string(&values).unwrap());
        for (weights, suffix) in [("binary", "B"), ("row", "R")] {
            let folder = Folder::new();
            folder.succeed(&format!(
                "hotspots --values {} --column {column} --neighbors {} --weights {weights} --seed 3 --out o.csv",
                values.display(),
                reference(&format!("{set}_neighbors.json")).display(),
            ));
            let found = Columns::of(&folder.read("o.csv"));
            assert_eq!(
                found.headings(),
                "g,g_z,g_p,gstar,gstar_z,gstar_p,gstar_p_sim,gstar_fdr,moran,moran_z,moran_p_sim,moran_fdr,quadrant"
            );
            for (ours, theirs) in [
                ("g", "G_#"),
                ("g_z", "G_#_z"),
                ("g_p", "G_#_p_norm"),
                ("gstar", "Gstar_#"),
                ("gstar_z", "Gstar_#_z"),
                ("gstar_p", "Gstar_#_p_norm"),
            ] {
                let theirs = theirs.replace('#', suffix);
                agree(found.get(ours), expected.get(&theirs), 1e-9)
                    .unwrap_or_else(|e| panic!("{theirs}: {e}"));
            }
            let theirs = expected.get(&format!("Gstar_{suffix}_p_sim"));
            within_monte_carlo_error(found.get("gstar_p_sim"), theirs).unwrap();
            within_monte_carlo_error(found.get("moran_p_sim"), expected.get("Ii_p_sim")).unwrap();
            assert_eq!(found.get("quadrant"), expected.get("Ii_q"));
            if weights == "row" {
                agree(found.get("moran"), expected.get("Ii"), 1e-9).unwrap();
            }
            // Their z is an estimate from 9,999 permutations, ours the limit: 1 in its mean, 0.7 % in its spread.
            for (ours, theirs) in found.get("moran_z").iter().zip(expected.get("Ii_z_sim")) {
                assert!((ours - theirs).abs() < 0.045 + 0.035 * theirs.abs(), "{ours} for {theirs}");
            }
        }
    }
}

#[test]
fn a_seed_gives_the_same_file_on_any_number_of_threads() {
    let folder = Folder::new();
    let (values, neighbours) = (reference("stl_HR8893_lisa.csv"), reference("stl_HR8893_neighbors.json"));
    let line = |seed: u32, out: &str| {
        format!(
            "hotspots --values {} --column HR8893 --neighbors {} --permutations 499 --seed {seed} --out {out}",
            values.display(),
            neighbours.display()
        )
    };
    folder.succeed(&line(1, "a.csv"));
    let alone = std::process::Command::new(env!("CARGO_BIN_EXE_gridkeeper"))
        .args(line(1, "b.csv").split_whitespace())
        .current_dir(folder.path(""))
        .env("RAYON_NUM_THREADS", "1")
        .status()
        .unwrap();
    assert!(alone.success());
    folder.succeed(&line(2, "c.csv"));
    assert_eq!(folder.read("a.csv"), folder.read("b.csv"));
    assert_ne!(folder.read("a.csv"), folder.read("c.csv"));
}

#[test]
fn an_island_is_not_tested_and_does_not_count() {
    let folder = Folder::new();
    folder.write("v.csv", "n\n1\n2\n3\n9\n8\n5\n");
    folder.write("n.json", r#"{"0":[1,2],"1":[0,2],"2":[1],"3":[4],"4":[3]}"#);
    let ended = folder.run("hotspots --values v.csv --column n --neighbors n.json --out o.csv");
    assert_eq!(ended.status, 0);
    assert!(ended.stderr.contains("1 units have no neighbours and cannot be tested: 5"), "{}", ended.stderr);
    let found = Columns::of(&folder.read("o.csv"));
    for column in ["g_z", "g_p", "gstar_p_sim", "gstar_fdr", "moran_z", "moran_p_sim", "moran_fdr"] {
        let values = found.get(column);
        assert!(values[5].is_nan() && values[..5].iter().all(|value| value.is_finite()), "{column}");
    }
    assert_eq!((found.get("g")[5], found.get("moran")[5]), (0.0, 0.0));
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let folder = Folder::new();
    folder.write("v.csv", "n,flat\n1,4\n2,4\n3,4\n");
    folder.write("bad.csv", "n\n1\nx\n3\n");
    folder.write("two.csv", "n\n1\n2\n");
    folder.write("n.json", r#"{"0":[1],"1":[0,2],"2":[1]}"#);
    for (name, json) in [
        ("missing.json", r#"{"0":[1],"1":[0,7],"2":[1]}"#),
        ("key.json", r#"{"0":[1],"a":[0]}"#),
        ("beyond.json", r#"{"0":[1],"3":[0]}"#),
        ("itself.json", r#"{"0":[0]}"#),
        ("twice.json", r#"{"0":[1,1]}"#),
        ("list.json", "[[1],[0]]"),
        ("minus.json", r#"{"0":[-1]}"#),
    ] {
        folder.write(name, json);
    }
    for (values, column, neighbours, because) in [
        ("v.csv", "n", "missing.json", "missing.json: unit 1 has the neighbour 7, but the units are 0 to 2"),
        ("v.csv", "n", "key.json", "there is no unit \"a\"; those of the values are 0 to 2"),
        ("v.csv", "n", "beyond.json", "there is no unit \"3\""),
        ("v.csv", "n", "itself.json", "unit 0 is listed as its own neighbour"),
        ("v.csv", "n", "twice.json", "unit 0 has the neighbour 1 twice"),
        ("v.csv", "n", "list.json", "a JSON object from each unit to its neighbours"),
        ("v.csv", "n", "minus.json", "a JSON object from each unit to its neighbours"),
        ("v.csv", "n", "none.json", "cannot read none.json"),
        ("v.csv", "m", "n.json", "there is no column m; there are: n, flat"),
        ("v.csv", "flat", "n.json", "all values of flat are the same"),
        ("bad.csv", "n", "n.json", "row 3, n: \"x\" is not a finite number"),
        ("two.csv", "n", "n.json", "there are 2 units, and it takes at least 3"),
    ] {
        folder.refuse(
            &format!("hotspots --values {values} --column {column} --neighbors {neighbours} --out o.csv"),
            "o.csv",
            because,
        );
    }
    folder.refuse(
        "hotspots --values v.csv --column n --neighbors n.json --permutations 0 --out o.csv",
        "o.csv",
        "--permutations",
    );
}

//! `gridkeeper route`: plans from files and checks of plans, on the real program.

#![expect(clippy::unwrap_used, reason = "what does not work fails the test")]

mod roads;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A folder with the files of one problem.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, content: &Value) {
        fs::write(self.path(name), content.to_string()).unwrap();
    }

    /// `gridkeeper route --problem P.json ARGUMENTS`, speaking English.
    fn route(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gridkeeper"));
        command.env_remove("DATABASE_URL").current_dir(self.0.path());
        command.args(["--lang", "en", "route", "--problem", "P.json"]).args(arguments).output().unwrap()
    }

    /// The plan for `problem`, checked, with what was said on standard error.
    fn plan(&self, problem: &Value, arguments: &[&str]) -> (Value, String) {
        self.put("P.json", problem);
        let out = self.route(&[&["--out", "PLAN.json"], arguments].concat());
        let said = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(0), "{said}");
        let check = self.route(&["--check", "PLAN.json"]);
        assert_eq!(check.status.code(), Some(0), "{}", String::from_utf8_lossy(&check.stdout));
        (serde_json::from_slice(&fs::read(self.path("PLAN.json")).unwrap()).unwrap(), said)
    }

    /// The plan for `problem` on a network, checked, with what was said on standard error.
    fn plan_on(&self, problem: &Value, network: &[&str]) -> (Value, String) {
        self.put("P.json", problem);
        let out = self.route(&[network, &["--out", "PLAN.json", "--iterations", "1000"]].concat());
        let said = String::from_utf8(out.stderr).unwrap();
        assert_eq!(out.status.code(), Some(0), "{said}");
        let check = self.route(&[network, &["--check", "PLAN.json"]].concat());
        assert_eq!(check.status.code(), Some(0), "{}", String::from_utf8_lossy(&check.stdout));
        (serde_json::from_slice(&fs::read(self.path("PLAN.json")).unwrap()).unwrap(), said)
    }

    /// What is said when `problem` is refused.
    fn refused(&self, problem: &Value) -> String {
        self.put("P.json", problem);
        let out = self.route(&["--out", "PLAN.json", "--iterations", "100"]);
        assert_eq!(out.status.code(), Some(1));
        assert!(!self.path("PLAN.json").exists());
        String::from_utf8(out.stderr).unwrap()
    }
}

/// Places on a line, 10 apart.
fn line(places: i64) -> Value {
    let row = |a: i64| (0..places).map(|b| (a - b).abs() * 10).collect::<Vec<_>>();
    json!((0..places).map(row).collect::<Vec<_>>())
}

fn sound() -> Value {
    json!({
        "matrix": line(5),
        "stops": [
            {"id": "near", "at": 1, "service": 5, "prize": 3},
            {"id": "late", "at": 2, "service": 5, "prize": 4.5, "windows": [[0, 10], [60, 70]]},
            {"id": "far", "at": 4, "service": 5, "prize": 1},
            {"id": "shut", "at": 1, "service": 1, "prize": 9, "windows": [[-90, -80], [0, 5]]},
            {"id": "wires", "at": 1, "service": 1, "prize": 9, "skills": ["electrician"]},
            {"id": "long", "at": 1, "service": 200, "prize": 9},
        ],
        "workers": [{"id": "zhang", "start": 0, "end": 0, "shift": [0, 90]}],
    })
}

#[test]
fn a_plan_has_times_and_reasons_and_passes_the_check() {
    let (plan, _) = Desk::new().plan(&sound(), &["--iterations", "2000", "--seed", "7"]);
    assert_eq!((&plan["prize"], &plan["travel"], &plan["seed"]), (&json!(7.5), &json!(40), &json!(7)));
    let route = &plan["routes"][0];
    assert_eq!((&route["worker"], &route["start"], &route["end"]), (&json!("zhang"), &json!(0), &json!(85)));
    assert_eq!(
        route["stops"],
        json!([
            {"id": "near", "arrive": 10, "start": 10, "leave": 15},
            {"id": "late", "arrive": 25, "start": 60, "leave": 65},
        ])
    );
    let reasons: Vec<(&str, &str)> = plan["left_out"]
        .as_array()
        .unwrap()
        .iter()
        .map(|left_out| (left_out["id"].as_str().unwrap(), left_out["reason"].as_str().unwrap()))
        .collect();
    assert_eq!(
        reasons,
        [("far", "displaced"), ("shut", "closed"), ("wires", "skill_missing"), ("long", "shift_too_short")]
    );
    let detail = &plan["left_out"][0]["detail"];
    assert_eq!(
        (&detail["by"], &detail["prize"], &detail["travel"]),
        (&json!(["near"]), &json!(3), &json!(40))
    );
    assert!(detail["text"].as_str().unwrap().contains("near"));
}

#[test]
fn the_same_seed_and_iterations_give_the_same_file_on_any_number_of_threads() {
    let desk = Desk::new();
    let places = 40;
    let place = |i: i64| (i * 7919 % 101, i * 104_729 % 97);
    let leg = |a: i64, b: i64| {
        let (a, b) = (place(a), place(b));
        (a.0 - b.0).abs() + (a.1 - b.1).abs()
    };
    let row = |a: i64| (0..places).map(|b| leg(a, b)).collect::<Vec<_>>();
    let stop = |i: i64| json!({"id": i.to_string(), "at": i, "service": 9, "prize": i * 31 % 17 + 1, "windows": [[i * 13 % 200, 300]]});
    let worker = |i: i64| json!({"id": format!("w{i}"), "start": 0, "end": i, "shift": [0, 300]});
    let problem = json!({
        "matrix": (0..places).map(row).collect::<Vec<_>>(),
        "stops": (1..places).map(stop).collect::<Vec<_>>(),
        "workers": (0..3).map(worker).collect::<Vec<_>>(),
    });
    let plan = |threads: &str, seed: &str| {
        desk.plan(&problem, &["--iterations", "3000", "--seed", seed, "--threads", threads]);
        fs::read(desk.path("PLAN.json")).unwrap()
    };
    let one = plan("1", "5");
    for threads in ["2", "3", "8"] {
        assert!(one == plan(threads, "5"), "{threads} threads");
    }
}

#[test]
fn breaks_pins_and_a_published_plan_are_kept() {
    let problem = json!({
        "matrix": line(4),
        "stops": [
            {"id": "a", "at": 1, "service": 10, "prize": 5},
            {"id": "b", "at": 2, "service": 10, "prize": 5},
            {"id": "c", "at": 3, "service": 10, "prize": 5},
        ],
        "workers": [
            {"id": "zhang", "start": 0, "end": null, "shift": [0, 90], "break": {"window": [20, 40], "length": 15}},
            {"id": "li", "start": 3, "end": 3, "shift": [0, 90], "speed": 0.5},
        ],
        "pins": {
            "stops": [{"stop": "b", "worker": "li"}],
            "frozen": [{"worker": "li", "stops": ["c"]}],
            "published": {"routes": [{"worker": "zhang", "stops": ["a"]}], "penalty": 2},
        },
    });
    let (plan, _) = Desk::new().plan(&problem, &["--iterations", "2000"]);
    assert_eq!(plan["prize"], 15);
    let ids = |route: usize| {
        let stops = plan["routes"][route]["stops"].as_array().unwrap().iter();
        stops.map(|stop| stop["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((ids(0), ids(1)), (vec!["a".into()], vec!["c".into(), "b".to_owned()]));
    assert_eq!(plan["routes"][0]["break"], json!({"start": 20, "end": 35}));
    assert_eq!(plan["routes"][1]["stops"][1]["arrive"], 30);
}

#[test]
fn a_required_stop_that_cannot_be_met_is_said_loudly() {
    let mut problem = sound();
    problem["stops"][5]["required"] = json!(true);
    let (plan, said) = Desk::new().plan(&problem, &["--iterations", "1000"]);
    assert!(said.contains("WARNING: required stop \"long\" is not in the plan"), "{said}");
    assert_eq!(plan["prize"], 7.5);
}

#[test]
fn a_matrix_that_breaks_the_triangle_rule_is_planned_and_said() {
    let mut problem = sound();
    problem["matrix"][0][2] = json!(90);
    problem["matrix"][0][3] = Value::Null;
    let (_, said) = Desk::new().plan(&problem, &["--iterations", "1000"]);
    assert!(said.contains("breaks the triangle rule: from 0 to 2 takes 90, over 1 only 10 + 10"), "{said}");
}

#[test]
fn nothing_to_do_and_nobody_to_do_it_give_plans() {
    let desk = Desk::new();
    let (idle, _) = desk.plan(&json!({"matrix": [[0]], "stops": [], "workers": sound()["workers"]}), &[]);
    assert_eq!((&idle["prize"], &idle["routes"][0]["stops"]), (&json!(0), &json!([])));
    let mut problem = sound();
    problem["workers"] = json!([]);
    let (unmanned, _) = desk.plan(&problem, &["--time-limit", "50ms"]);
    assert_eq!((&unmanned["routes"], &unmanned["left_out"][0]["reason"]), (&json!([]), &json!("no_worker")));
}

#[test]
fn problems_that_make_no_sense_are_refused_with_the_place_in_the_file() {
    let desk = Desk::new();
    let wrong = |change: &dyn Fn(&mut Value)| {
        let mut problem = sound();
        change(&mut problem);
        desk.refused(&problem)
    };
    for (change, says) in [
        (&(|p: &mut Value| p["matrix"][1] = json!([1, 2])) as &dyn Fn(&mut Value), "row 1 has 2 numbers"),
        (&|p| p["matrix"][1][2] = json!(-3), "from place 1 to place 2 is negative"),
        (&|p| p["matrix"][1][2] = json!(0.5), "matrix[1][2]"),
        (&|p| p["stops"][1]["at"] = json!(17), "stop \"late\""),
        (&|p| p["stops"][1]["id"] = json!("near"), "stops[0] and stops[1] have the same id"),
        (&|p| p["stops"][1]["service"] = json!(-1), "service cannot be negative"),
        (&|p| p["stops"][1]["prize"] = json!(-1), "prize"),
        (&|p| p["stops"][1]["windows"] = json!([[9, 3]]), "ends before it begins"),
        (&|p| p["workers"][0]["shift"] = json!([9, 3]), "worker \"zhang\""),
        (&|p| p["workers"][0]["shift"] = json!([0, 1_000_000_000_000_i64]), "coarser units"),
        (&|p| p["pins"] = json!([{"stop": "nowhere", "worker": "zhang"}]), "no stop \"nowhere\""),
        (&|p| p["stops"] = json!(3), "stops"),
    ] {
        let said = wrong(change);
        assert!(said.contains(says), "{says}: {said}");
    }
}

#[test]
fn a_plan_that_cannot_be_walked_fails_the_check() {
    let desk = Desk::new();
    let (plan, _) = desk.plan(&sound(), &["--iterations", "1000"]);
    for (path, value, says) in [
        ("/routes/0/stops/0/arrive", json!(9), "cannot be at \"near\" before 10"),
        ("/routes/0/stops/1/start", json!(59), "stop \"late\": service begins before"),
        ("/routes/0/end", json!(84), "cannot be at \"end\" before 85"),
        ("/routes/0/stops/0/id", json!("wires"), "may not go"),
        ("/prize", json!(9), "the prize is 7.5, not 9"),
        ("/travel", json!(39), "the travel is 40, not 39"),
        ("/left_out", json!([]), "neither on a route nor left out"),
    ] {
        let mut forged = plan.clone();
        *forged.pointer_mut(path).unwrap() = value;
        desk.put("FORGED.json", &forged);
        let out = desk.route(&["--check", "FORGED.json"]);
        let said = String::from_utf8(out.stdout).unwrap();
        assert_eq!(out.status.code(), Some(1), "{said}");
        assert!(said.contains(says), "{says}: {said}");
    }
}

#[test]
fn a_time_limit_is_kept_and_figures_are_one_line_of_json() {
    let (_, said) = Desk::new().plan(&sound(), &["--time-limit", "200ms", "--stats"]);
    let figures: Value = serde_json::from_str(said.lines().last().unwrap()).unwrap();
    assert_eq!(
        (&figures["stops"], &figures["visited"], &figures["prize"]),
        (&json!(6), &json!(2), &json!(7.5))
    );
    assert!(figures["iterations"].as_u64().unwrap() > 0);
}

#[test]
fn a_command_line_that_is_not_understood_is_status_2() {
    let desk = Desk::new();
    desk.put("P.json", &sound());
    for arguments in
        [&["--iterations", "5", "--time-limit", "1s"][..], &["--seed", "x"], &["--time-limit", "soon"]]
    {
        assert_eq!(desk.route(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

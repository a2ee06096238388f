//! The ranking of enterprises: who is ranked for whom, that scores add up, and what is asked wrongly.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::io::Cursor;

use calamine::{Data, DataType, Range, Reader, Xlsx};
use reqwest::Method;
use serde_json::Value;
use sqlx::Executor;

use crate::support::{Client, TestApp};

const RANKING: &str = "/api/v1/risk/enterprises?kind=fire";

/// Six finds a month apart at the enterprise of the first grid, each cleared after a week.
const FINDS: &str = "
    INSERT INTO hazards (id, code, place_code, kind, severity, status, description, enterprise_id, found_on, cleared_on, geom)
    SELECT gen_random_uuid(), '370828003218-Y9' || n, place_code, 'fire', 3, 'cleared', '电线老化', id,
           current_date - 200 + 30 * n, current_date - 193 + 30 * n, geom
      FROM enterprises, generate_series(0, 5) AS n WHERE place_code = '370828003218001'";

#[tokio::test]
async fn what_was_found_before_ranks_first_and_every_score_adds_up() {
    let app = TestApp::start().await;
    app.database.owner().await.execute(FINDS).await.unwrap();
    let answer = app.sign_in("fire").get(&format!("{RANKING}&horizon_days=30")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let items = answer.body["items"].as_array().unwrap();
    assert_eq!((answer.body["total"].as_u64(), items.len()), (Some(4), 4), "the street, and nothing beyond");
    assert_eq!(items[0]["place_code"], "370828003218001");
    assert_eq!(answer.body["model"]["basis"], "blended");
    let tenths = |value: &Value| (value.as_f64().unwrap() * 10.0).round() as i64;
    for item in items.iter().filter(|item| !item["score"].is_null()) {
        let points: i64 =
            item["reasons"].as_array().unwrap().iter().map(|reason| tenths(&reason["points"])).sum();
        assert_eq!(tenths(&answer.body["model"]["base"]) + points, tenths(&item["score"]), "{item}");
    }
    let unknown = items[0]["reasons"].as_array().unwrap().iter().find(|r| r["feature"] == "since_inspection");
    assert!(unknown.unwrap()["value"].is_null(), "nobody was there: not known, and not zero");
}

/// The first sheet and the names of all, asked for by the query or by what is accepted.
async fn spreadsheet(client: &Client, query: &str, accept: &str) -> (Range<Data>, Vec<String>) {
    let request = client.request(Method::GET, &format!("{RANKING}&{query}")).header("Accept", accept);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], XLSX);
    let bytes = response.bytes().await.unwrap();
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let names = book.sheet_names();
    (book.worksheet_range(&names[0]).unwrap(), names)
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[tokio::test]
async fn the_spreadsheet_says_what_the_answer_does_and_its_columns_add_up() {
    let app = TestApp::start().await;
    app.database.owner().await.execute(FINDS).await.unwrap();
    let fire = app.sign_in("fire");
    // Far ahead and with little known, some have no score.
    let (mut scored, mut thin) = (0, 0);
    for days in [30, 365] {
        let answer = fire.get(&format!("{RANKING}&horizon_days={days}")).await.body;
        let (sheet, names) = spreadsheet(&fire, &format!("horizon_days={days}&format=xlsx"), "*/*").await;
        assert_eq!(names, ["风险排序", "依据"]);
        let headings: Vec<String> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(&headings[..3], ["名次", "企业名称", "统一社会信用代码"]);
        let column = |heading: &str| headings.iter().position(|name| name == heading).unwrap();
        let items = answer["items"].as_array().unwrap();
        assert_eq!(sheet.height(), items.len() + 1);
        for (row, item) in sheet.rows().skip(1).zip(items) {
            assert_eq!(row[column("统一社会信用代码")].to_string(), item["code"].as_str().unwrap());
            assert_eq!(row[column("区间上限")].as_f64(), item["interval"][1].as_f64());
            let points = column("平均企业得分")..=column("逾期未整改（分）");
            if item["score"].is_null() {
                thin += 1;
                assert_eq!(row[column("分数")].to_string(), "资料不足");
                assert!(row[points].iter().all(|cell| *cell == Data::Empty));
                continue;
            }
            scored += 1;
            assert_eq!(row[column("分数")].as_f64(), item["score"].as_f64());
            let sum: f64 = row[points].iter().map(|cell| cell.as_f64().unwrap()).sum();
            assert!((sum - item["score"].as_f64().unwrap()).abs() < 1e-9, "{row:?}");
        }
    }
    assert!(scored > 0 && thin > 0, "{scored} with a score, {thin} without");

    let (sheet, names) = spreadsheet(&fire, "headings=en&limit=1", XLSX).await;
    assert_eq!((sheet.height(), names[0].as_str()), (2, "Ranking"));
    assert_eq!(sheet.get_value((0, 1)), Some(&Data::String("Enterprise".into())));
    for (query, field) in [("format=ods", "format"), ("format=xlsx&headings=fr", "headings")] {
        let refused = fire.get(&format!("{RANKING}&{query}")).await;
        assert_eq!((refused.status, refused.body["errors"][0]["field"].as_str()), (422, Some(field)));
    }
    assert_eq!(app.sign_in("police").get(&format!("{RANKING}&format=xlsx")).await.status, 403);
}

#[tokio::test]
async fn each_sees_their_own_enterprises_and_some_none() {
    let app = TestApp::start().await;
    for (login, wanted) in
        [("member1", Some(1)), ("chief", Some(2)), ("fire", Some(4)), ("stranger", Some(1))]
    {
        let answer = app.sign_in(login).get(RANKING).await;
        assert_eq!((answer.status, answer.body["total"].as_u64()), (200, wanted), "{login}");
    }
    for login in ["planner", "mediator", "police", "admin"] {
        assert_eq!(app.sign_in(login).get(RANKING).await.status, 403, "{login}");
        assert_eq!(app.sign_in(login).get("/api/v1/risk/backtest").await.status, 403, "{login}");
    }
    assert_eq!(app.stranger().get(RANKING).await.status, 401);
}

#[tokio::test]
async fn the_first_around_a_place() {
    let app = TestApp::start().await;
    let near = |radius: u32| format!("{RANKING}&near=116.306,35.076&radius_m={radius}&limit=1");
    let fire = app.sign_in("fire");
    let close = fire.get(&near(100)).await;
    assert_eq!(
        (close.body["total"].as_u64(), close.body["items"][0]["distance_m"].as_f64()),
        (Some(1), Some(0.0))
    );
    let wide = fire.get(&near(2_000)).await;
    assert!(wide.body["total"].as_u64().unwrap() > 1);
    assert_eq!(wide.body["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_asked_wrongly_is_named() {
    let app = TestApp::start().await;
    let fire = app.sign_in("fire");
    for (query, field) in [
        ("on=2999-01-01", "on"),
        ("horizon_days=6", "horizon_days"),
        ("near=here", "near"),
        ("near=116,95", "near"),
        ("radius_m=1", "radius_m"),
        ("limit=0", "limit"),
    ] {
        let answer = fire.get(&format!("/api/v1/risk/enterprises?{query}")).await;
        assert_eq!(
            (answer.status, answer.body["errors"][0]["field"].as_str()),
            (422, Some(field)),
            "{query}"
        );
    }
    assert_eq!(fire.get("/api/v1/risk/backtest?percent=0").await.status, 422);
    assert!(fire.get("/api/v1/risk/enterprises?kind=ghosts").await.status < 500);
}

#[tokio::test]
async fn a_backtest_says_when_it_has_too_little_to_go_by() {
    let app = TestApp::start().await;
    let nothing = app.sign_in("stranger").get("/api/v1/risk/backtest?until=2021-12-31").await;
    assert_eq!((nothing.status, nothing.body["trials"].as_array().unwrap().len()), (200, 0));
    app.database.owner().await.execute(FINDS).await.unwrap();
    let tried = app.sign_in("fire").get("/api/v1/risk/backtest?kind=fire&percent=25&trials=4").await;
    assert_eq!(tried.body["methods"].as_array().unwrap().len(), 3, "{}", tried.body);
    let model = &tried.body["methods"][0];
    assert_eq!((model["method"].as_str(), model["hit_rate"].as_f64()), (Some("model"), Some(1.0)));
    assert!(tried.body["words"]["en"].as_str().unwrap().contains("too few"));
}

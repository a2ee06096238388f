//! Who may do what: every role against every resource, inside and outside its scope, over HTTP.
//!
//! The table in `matrix` is the one that people read in `docs/ROLES.md`; the first test tries every cell of it.

#![expect(clippy::unwrap_used, reason = "a test that finds nothing where something should be has failed")]

mod document;
mod matrix;
mod rights;

use serde_json::json;
use uuid::Uuid;

use self::matrix::{CAPABILITIES, MATRIX, ROLES};
use self::rights::Side;
use crate::support::TestApp;

/// A service with one visit in every grid to each household and enterprise, made by nobody in particular, a draft for
/// the village and a patrol by the member of each grid that the table is tried on.
async fn app_with_work() -> TestApp {
    let app = TestApp::start().await;
    sqlx::query(
        "INSERT INTO visits (id, place_code, target_kind, target_id, purpose, result, visited_at)
         SELECT gen_random_uuid(), place_code, 'household', id, '测试', 'done', now() FROM households
         UNION ALL
         SELECT gen_random_uuid(), place_code, 'enterprise', id, '测试', 'done', now() FROM enterprises",
    )
    .execute(&mut app.database.owner().await)
    .await
    .unwrap();
    for digit in ['1', '2', '3', '5'] {
        let side = Side { digit };
        sqlx::query(
            "WITH draft AS (
                 INSERT INTO boundary_plans (id, village_code, name, status) VALUES ($1::uuid, left($3, 12), '草案', 'draft')
             )
             INSERT INTO patrols (id, place_code, worker_id, worker_role, planned_by, on_date, mode, shift_from, shift_to,
                    start_geom, start_label, plan, content_hash)
             SELECT $2::uuid, $3, id, role, id, '2022-09-01', 'foot', '2022-09-01 08:00+08', '2022-09-01 11:00+08',
                    ST_SetSRID(ST_MakePoint(116.3, 35.07), 4326), '村委会', '{}', '\\x00'
               FROM accounts WHERE scope_code = $3 AND role = 'grid_member'",
        )
        .bind(side.id("60000000"))
        .bind(side.id("70000000"))
        .bind(side.grid())
        .execute(&mut app.database.owner().await)
        .await
        .unwrap();
    }
    app
}

#[tokio::test]
async fn every_role_may_do_exactly_what_the_table_says_and_nothing_outside_its_scope() {
    let mut faults = Vec::new();
    for (column, (login, .., outside)) in ROLES.into_iter().enumerate() {
        let app = app_with_work().await;
        let client = app.sign_in(login);
        let may = client.get("/api/v1/session").await.body["may"].clone();
        for (capability, resource, letter) in CAPABILITIES {
            let told = may.as_array().unwrap().iter().any(|name| name == capability);
            let cells = MATRIX.iter().find(|(row, ..)| row == resource).unwrap().3;
            if told != cells[column].contains(*letter) {
                faults.push(format!("{login} is told wrongly about {capability}"));
            }
        }
        for (resource, zh, _, cells) in MATRIX {
            let beyond = resource.rights(&client, Side { digit: outside }).await;
            // Published plans and the map of the street are read beyond one's scope; so is nothing else.
            if beyond != "-" {
                faults.push(format!("{login} {zh} outside: {beyond}"));
            }
            let within = resource.rights(&client, Side::INSIDE).await;
            if within != cells[column] {
                faults.push(format!("{login} {zh} inside: {within}, not {}", cells[column]));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test]
async fn reading_identities_is_written_down_and_reading_masked_ones_is_not() {
    let app = TestApp::start().await;
    let path = "/api/v1/households/20000000-0000-7000-8000-000000000001";
    for (login, lines) in [("member1", 1), ("command", 1), ("police", 2), ("admin", 2)] {
        assert_eq!(app.sign_in(login).get(path).await.status, 200);
        assert_eq!(app.audited("read", "household").await, lines, "after {login}");
    }
}

#[tokio::test]
async fn no_problem_repeats_what_was_sent_about_a_person() {
    let app = TestApp::start().await;
    let member = app.sign_in("member1");
    let resident = |id_number: &str, phone: &str| json!({"id": Uuid::now_v7(), "name": "李四四", "sex": "male", "id_number": id_number, "phone": phone});
    let residents = "/api/v1/households/20000000-0000-7000-8000-000000000001/residents";
    let credentials = json!({"login": "li.sisi", "password": "the secret of li sisi"});
    let mut misplaced = resident("370828194501010028", "19912345678");
    misplaced["sex"] = json!("19912345678");
    for answer in [
        member.post(residents, &resident("370828194501010028", "19912345678")).await,
        member.post(residents, &resident("37082819450101002X", "1991234567899999999999999")).await,
        member.post(residents, &misplaced).await,
        app.stranger().post("/api/v1/session", &credentials).await,
        app.stranger().post("/api/v1/session", &json!({"login": {"secret of li sisi": 1}})).await,
    ] {
        assert!((400..500).contains(&answer.status), "{}", answer.status);
        let text = answer.body.to_string();
        for word in ["李四四", "19450101", "1991234", "secret of", "li.sisi"] {
            assert!(!text.contains(word), "{word} in {text}");
        }
    }
}

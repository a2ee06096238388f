//! `gridkeeper account`: from no account at all to somebody signed in.

use serde_json::json;

use crate::support::Place;

#[tokio::test]
async fn the_first_administrator_is_made_on_the_command_line_and_signs_in() {
    let place = Place::new();
    let add = ["account", "add", "admin", "--name", "管理员", "--role", "administrator", "--scope", "370828"];
    let short = place.run(&add, "short\n").await;
    assert_eq!(short.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&short.stderr).contains("10"), "says how long a password is");
    let unknown =
        place.run(&["account", "add", "x1", "--name", "某人", "--role", "king", "--scope", "37"], "").await;
    assert_eq!(unknown.status.code(), Some(2));

    let made = place.run(&add, "administers the county\n").await;
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let again = place.run(&add, "administers the county\n").await;
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&again.stderr).contains("another account has this login"));

    let service = place.serve().await;
    let sign_in = |password: &'static str| {
        let request = reqwest::Client::new().post(format!("{}/api/v1/session", service.url()));
        async move {
            request.json(&json!({"login": "admin", "password": password})).send().await.unwrap().status()
        }
    };
    assert_eq!(sign_in("administers the county").await, 200);

    assert!(place.run(&["account", "passwd", "admin"], "administers it better\n").await.status.success());
    assert_eq!(sign_in("administers the county").await, 401);
    assert_eq!(sign_in("administers it better").await, 200);

    assert!(place.run(&["account", "disable", "admin"], "").await.status.success());
    assert_eq!(sign_in("administers it better").await, 401);
    let listed = place.run(&["account", "list"], "").await;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.contains("admin") && listed.contains("管理员") && listed.contains("disabled"), "{listed}");
    assert!(place.run(&["account", "enable", "admin"], "").await.status.success());
    assert_eq!(sign_in("administers it better").await, 200);
    assert_eq!(place.run(&["account", "enable", "nobody"], "").await.status.code(), Some(1));

    let deeds: Vec<String> = sqlx::query_scalar(
        "SELECT action FROM audit_log WHERE role = 'system' AND subject = 'account' ORDER BY at",
    )
    .fetch_all(&mut place.owner().await)
    .await
    .unwrap();
    assert_eq!(deeds, ["create", "set-password", "disable", "enable"]);
    assert!(service.stop().await);
}

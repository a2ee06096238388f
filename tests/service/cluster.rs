//! The private cluster: alone in its directory, out of reach, durable, and back after anything is killed.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Uid, User};
use sqlx::{ConnectOptions, Executor};

use crate::support::Place;

#[tokio::test]
async fn the_database_is_private_and_durable_and_stops_with_the_service() {
    let place = Place::new();
    let service = place.serve().await;

    let mut owner = place.owner().await;
    for (setting, value) in [
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
        ("data_checksums", "on"),
        ("listen_addresses", ""),
    ] {
        let set: String = sqlx::query_scalar("SELECT current_setting($1)")
            .bind(setting)
            .fetch_one(&mut owner)
            .await
            .unwrap();
        assert_eq!(set, value, "{setting}");
    }
    let powers: Vec<(String, bool, bool)> = sqlx::query_as(
        "SELECT rolname::text, rolsuper, rolbypassrls FROM pg_roles WHERE rolname LIKE 'gridkeeper%' ORDER BY 1",
    )
    .fetch_all(&mut owner)
    .await
    .unwrap();
    assert_eq!(
        powers,
        [("gridkeeper_app".into(), false, false), ("gridkeeper_owner".into(), false, false)],
        "neither role is above the policies"
    );

    for role in ["postgres", "gridkeeper_owner", "gridkeeper_app"] {
        let guessed = place.owner_options().username(role).password("guessed").connect().await;
        let refusal = guessed.expect_err("a wrong password is refused");
        let code = refusal.as_database_error().and_then(|refusal| refusal.code().map(String::from));
        assert_eq!(code.as_deref(), Some("28P01"), "{role}: {refusal}");
    }
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(place.data().join("passwords.json")), 0o600);
    assert_eq!(mode(place.socket_dir()), 0o700);
    drop(owner);

    assert!(service.stop().await);
    assert_eq!(place.processes(), []);
}

#[tokio::test]
async fn an_ordinary_user_has_a_cluster_of_their_own() {
    // Whoever is one already runs every other test as one.
    if !Uid::effective().is_root() {
        return;
    }
    let nobody = User::from_name("nobody").unwrap().expect("every system has a user nobody");
    let uid = nobody.uid.as_raw();
    let place = Place::of(nobody);
    let service = place.serve().await;
    place.owner().await.execute(sqlx::raw_sql(include_str!("../api/seed.sql"))).await.unwrap();
    let server = fs::metadata(format!("/proc/{}", place.server())).unwrap();
    assert_eq!(server.uid(), uid, "the database runs as whoever started the service");
    let data = fs::metadata(place.data()).unwrap();
    assert_eq!((data.uid(), data.permissions().mode() & 0o777), (uid, 0o700), "it is theirs alone");
    assert!(service.stop().await);
    assert_eq!(place.processes(), []);

    let service = place.serve().await;
    assert!(service.recovers_within(Duration::from_secs(10)).await, "what was stored is there");
    service.kill().await;
    let service = place.serve().await;
    assert!(
        service.recovers_within(Duration::from_secs(10)).await,
        "a killed one has left nothing in the way"
    );
    assert!(service.stop().await);
}

#[tokio::test]
async fn a_second_service_is_refused_and_a_command_works_beside_the_first() {
    let place = Place::new();
    let service = place.serve().await;

    let second = place.run(&["serve", "--listen", "127.0.0.1:0"], "").await;
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert_eq!(second.status.code(), Some(1), "{said}");
    assert!(said.contains("another gridkeeper (process") && said.contains("data"), "{said}");

    let beside = place.run(&["account", "list"], "").await;
    assert!(beside.status.success(), "{}", String::from_utf8_lossy(&beside.stderr));
    assert!(service.stop().await);
}

#[tokio::test]
async fn a_killed_service_leaves_nothing_that_its_successor_minds() {
    let place = Place::seeded().await;
    let service = place.serve().await;
    let orphan = place.server();
    service.kill().await;
    assert!(place.processes().contains(&orphan), "the database outlives the service");

    let service = place.serve().await;
    assert_ne!(place.server(), orphan);
    assert!(!place.processes().contains(&orphan));
    assert!(service.recovers_within(Duration::from_secs(10)).await, "what was stored is there");
    assert!(service.stop().await);
}

#[tokio::test]
async fn a_database_that_is_killed_under_its_service_comes_back() {
    let place = Place::seeded().await;
    let service = place.serve().await;
    assert!(service.recovers_within(Duration::from_secs(10)).await);

    for _ in 0..2 {
        let killed = place.server();
        kill(killed, Signal::SIGKILL).unwrap();
        // Sessions that outlive their server for a moment still answer: that is not yet coming back.
        assert!(place.replaces_within(killed, Duration::from_secs(60)).await);
        assert!(service.recovers_within(Duration::from_secs(60)).await);
    }
    assert!(service.stop().await);
    assert_eq!(place.processes(), []);
}

#[tokio::test]
async fn both_killed_at_once_come_back_together() {
    let place = Place::seeded().await;
    let service = place.serve().await;
    let server = place.server();
    service.kill().await;
    kill(server, Signal::SIGKILL).unwrap();

    // The pid file now names a process that is none of PostgreSQL's.
    let file = place.data().join("cluster/postmaster.pid");
    let content = fs::read_to_string(&file).unwrap();
    fs::write(&file, content.replacen(&server.to_string(), &std::process::id().to_string(), 1)).unwrap();

    let service = place.serve().await;
    assert!(service.recovers_within(Duration::from_secs(10)).await);
    assert!(service.stop().await);
}

#[tokio::test]
async fn a_long_directory_and_a_half_made_cluster_are_no_obstacle() {
    let place = Place::named(&"很长的目录名，".repeat(8));
    assert!(place.data().as_os_str().len() > 107);
    fs::create_dir_all(place.data().join("cluster.unfinished")).unwrap();
    fs::write(place.data().join("cluster.unfinished/PG_VERSION"), "15\n").unwrap();

    let service = place.serve().await;
    assert!(place.socket_dir().as_os_str().len() < 90);
    assert!(service.stop().await);
    assert!(!place.data().join("cluster.unfinished").exists());
}

#[tokio::test]
async fn an_empty_directory_made_for_it_is_opened_as_far_as_need_be() {
    let place = Place::new();
    fs::create_dir(place.data()).unwrap();
    fs::set_permissions(place.data(), fs::Permissions::from_mode(0o700)).unwrap();
    let migrated = place.run(&["migrate"], "").await;
    assert!(migrated.status.success(), "{}", String::from_utf8_lossy(&migrated.stderr));
    let mode = place.data().metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, if Uid::effective().is_root() { 0o711 } else { 0o700 });
    assert_eq!(place.processes(), []);
}

#[tokio::test]
async fn a_directory_that_postgresql_cannot_enter_is_named() {
    if !Uid::effective().is_root() {
        return;
    }
    let place = Place::named("closed/data");
    let closed = place.data().parent().unwrap();
    fs::create_dir(closed).unwrap();
    fs::set_permissions(closed, fs::Permissions::from_mode(0o700)).unwrap();
    let refused = place.run(&["serve", "--listen", "127.0.0.1:0"], "").await;
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    assert!(said.contains("cannot enter") && said.contains("closed"), "{said}");
}

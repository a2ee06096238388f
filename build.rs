//! Rebuilds when what is embedded at compile time changes: migrations always, the web map in release builds
//! (development builds read it from disk).

use std::env;
use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=migrations");
    println!("cargo:rerun-if-changed=build.rs");
    if env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        // Cargo takes a path that does not exist for changed each time: name the folder above until it does.
        let dist = "map-ui/dist";
        let embedded = if Path::new(dist).exists() { dist } else { "map-ui" };
        println!("cargo:rerun-if-changed={embedded}");
    }
}

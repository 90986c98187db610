//! The rooms and libraries that each room may use: read from cargo's own metadata, so that
//! dependencies of tests and build scripts count as well.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The first part of the name of every package of this house; a room's own name follows.
pub const HOUSE: &str = "factorage";

/// Libraries, and the room that keeps, with the only rooms that may name them.
const LIBRARIES: [(&str, &[&str]); 14] = [
    ("factorage-store", &["service", "cli"]),
    ("factorage-guide", &["api"]),
    ("prometheus-client", &["service", "api"]),
    ("governor", &["api"]),
    ("http-body-util", &["api"]),
    ("hyper", &["api"]),
    ("hyper-util", &["api"]),
    ("tokio-util", &["api"]),
    ("polars", &["sheet", "ledger", "report"]),
    ("sqlx", &["store"]),
    ("axum", &["api", "web"]),
    ("tokio", &["store", "service", "api", "web", "cli"]),
    ("tracing", &["service", "api", "web", "cli"]),
    ("tracing-subscriber", &["cli"]),
];

/// Rooms that compute without frames, and what must not be built for them, not even for their
/// tests.
const LIGHT: [&str; 11] = [
    "basics",
    "scratch",
    "scoring",
    "pricing",
    "words",
    "policy",
    "screens",
    "offer",
    "purchases",
    "portfolio",
    "guide",
];
const HEAVY: [&str; 6] = ["polars", "sqlx", "axum", "tokio", "clap", "tracing"];

/// A package of the workspace and what it names.
#[derive(Debug, Clone)]
pub struct Package {
    /// `pricing`, or nothing for the root.
    pub room: String,
    /// Each dependency under its package's own name, with its kind: `normal`, `dev` or `build`.
    pub edges: Vec<(String, String)>,
    /// Each dependency as the code writes it, `http_body_util`, with its kind.
    pub names: Vec<(String, String)>,
    /// Its Cargo.toml.
    pub manifest: toml::Table,
}

impl Package {
    /// The packages of the workspace, rooms first, in the order in which the root lists them.
    pub fn all() -> Vec<Self> {
        let metadata =
            cargo(&["metadata", "--no-deps", "--format-version", "1", "--offline", "--locked"]);
        let metadata: Value = serde_json::from_str(&metadata).expect("cargo's metadata");
        let mut packages: Vec<Self> = list(&metadata["packages"]).iter().map(Self::read).collect();
        let order = order();
        packages.sort_by_key(|package| {
            // The root is not in its own list, and may use every room.
            order.iter().position(|room| *room == package.room).unwrap_or(order.len())
        });
        packages
    }

    fn read(package: &Value) -> Self {
        let kind = |edge: &Value| edge["kind"].as_str().unwrap_or("normal").to_owned();
        let edge = |edge: &Value| (text(&edge["name"]).to_owned(), kind(edge));
        let name = |edge: &Value| {
            let written = edge["rename"].as_str().unwrap_or(text(&edge["name"]));
            (written.replace('-', "_"), kind(edge))
        };
        let path = Path::new(text(&package["manifest_path"]));
        let manifest = std::fs::read_to_string(path).expect("a manifest");
        Self {
            room: room(text(&package["name"])).expect("a package of the house").to_owned(),
            edges: list(&package["dependencies"]).iter().map(edge).collect(),
            names: list(&package["dependencies"]).iter().map(name).collect(),
            manifest: manifest.parse().expect("TOML"),
        }
    }
}

/// The rooms in the order in which data flows through them, as the root lists them.
fn order() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let root: toml::Table =
        std::fs::read_to_string(root).expect("a manifest").parse().expect("TOML");
    let members = root["workspace"]["members"].as_array().expect("a list of members");
    members
        .iter()
        .map(|member| member.as_str().expect("a path").trim_start_matches("src/").to_owned())
        .collect()
}

/// The answer of cargo, run in this folder.
pub fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .output()
        .expect("cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// `pricing` of `factorage-pricing`, nothing of `factorage`.
fn room(package: &str) -> Option<&str> {
    let behind = package.strip_prefix(HOUSE)?;
    if behind.is_empty() { Some("") } else { behind.strip_prefix('-') }
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

/// Rooms that a package names although they do not come before its own.
pub fn wrong_edges(packages: &[Package]) -> Vec<String> {
    let place = |room: &str| packages.iter().position(|package| package.room == room);
    let mut found = Vec::new();
    for (own, package) in packages.iter().enumerate() {
        for (name, kind) in &package.edges {
            let Some(other) = room(name) else { continue };
            if place(other).is_none_or(|other| other >= own) {
                let own = &package.room;
                found.push(format!(
                    "{own} -> {other} ({kind}), but {other} does not come before {own}"
                ));
            }
        }
    }
    found
}

/// Libraries named by a room that must not know them.
pub fn libraries_out_of_place(packages: &[Package]) -> Vec<String> {
    let mut found = Vec::new();
    for package in packages.iter().filter(|package| !package.room.is_empty()) {
        for (library, rooms) in LIBRARIES {
            let names = package.edges.iter().any(|(name, _)| name == library);
            if names && !rooms.contains(&package.room.as_str()) {
                let rooms = rooms.join(", ");
                found.push(format!("{} -> {library}, which belongs in {rooms}", package.room));
            }
        }
    }
    found
}

/// Lints, and versions and features of dependencies, that a manifest states although the root does
/// so for all.
pub fn not_inherited(package: &Package) -> Vec<String> {
    let inherits =
        |value: &toml::Value| value.get("workspace").and_then(toml::Value::as_bool) == Some(true);
    let mut found = Vec::new();
    if !package.manifest.get("lints").is_some_and(inherits) {
        found.push(format!("{}: lints.workspace = true is missing", package.room));
    }
    for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let named = package.manifest.get(kind).and_then(toml::Value::as_table);
        for (name, said) in named.into_iter().flatten() {
            if !inherits(said) || said.get("features").is_some() {
                let room = &package.room;
                found.push(format!("{room}: {name} has its version and features in the root"));
            }
        }
    }
    found
}

/// The packages built for a package, those that only its tests need included.
fn built(package: &str, more: &[&str]) -> BTreeSet<String> {
    let tree =
        // Offline: what is built must not depend on what a registry has today.
        ["tree", "--prefix", "none", "--format", "{p}", "--offline", "--locked", "-p", package];
    let names = cargo(&[&tree, more].concat());
    names.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn every_room_names_only_rooms_before_it() {
    let packages = Package::all();
    assert_eq!(packages.last().map(|root| root.room.as_str()), Some(""));
    super::none(&wrong_edges(&packages));
}

#[test]
fn polars_sqlx_axum_and_tokio_stay_in_their_rooms() {
    super::none(&libraries_out_of_place(&Package::all()));
}

#[test]
fn versions_features_and_lints_stand_once() {
    super::none(&Package::all().iter().flat_map(not_inherited).collect::<Vec<_>>());
}

#[test]
fn rooms_that_compute_without_frames_build_nothing_heavy() {
    for room in LIGHT {
        let built = built(&format!("{HOUSE}-{room}"), &["-e", "normal,build,dev"]);
        assert!(built.contains(&format!("{HOUSE}-{room}")), "{built:?}");
        let heavy: Vec<_> = HEAVY.iter().filter(|name| built.contains(**name)).collect();
        assert!(heavy.is_empty(), "{room} builds {heavy:?}");
    }
    let frames = built("factorage-ledger", &["-e", "normal"]);
    assert!(frames.contains("polars"), "{frames:?}");
}

#[test]
fn the_engine_alone_is_a_library_without_server_and_command_line() {
    let engine = built(HOUSE, &["-e", "normal,build", "--no-default-features"]);
    let heavy: Vec<_> =
        ["sqlx", "axum", "clap"].into_iter().filter(|name| engine.contains(*name)).collect();
    assert!(heavy.is_empty(), "{heavy:?}");
    let server =
        built(HOUSE, &["-e", "normal,build", "--no-default-features", "--features", "server"]);
    assert!(server.contains("axum") && server.contains("sqlx") && !server.contains("clap"));
}

#[cfg(test)]
fn package(room: &str, edges: &[(&str, &str)]) -> Package {
    let edges = edges.iter().map(|(name, kind)| ((*name).to_owned(), (*kind).to_owned())).collect();
    Package { room: room.to_owned(), edges, names: Vec::new(), manifest: toml::Table::new() }
}

#[test]
fn an_edge_to_a_later_room_is_named_with_its_kind() {
    let upward = [("factorage-report", "dev"), ("serde", "normal")];
    let packages =
        [package("pricing", &upward), package("report", &[("factorage-pricing", "normal")])];
    let expected = "pricing -> report (dev), but report does not come before pricing";
    assert_eq!(wrong_edges(&packages), [expected]);
    let itself = [package("pricing", &[("factorage-pricing", "dev")])];
    assert_eq!(wrong_edges(&itself).len(), 1);
}

#[test]
fn a_library_out_of_its_room_is_named() {
    for (room, library) in
        [("pricing", "polars"), ("app", "sqlx"), ("cli", "axum"), ("app", "tokio")]
    {
        let found = libraries_out_of_place(&[package(room, &[(library, "dev")])]);
        assert!(
            found.len() == 1 && found[0].starts_with(&format!("{room} -> {library}")),
            "{found:?}"
        );
    }
    assert_eq!(libraries_out_of_place(&[package("ledger", &[("polars", "normal")])]), [""; 0]);
}

#[test]
fn what_a_manifest_says_for_itself_is_named() {
    let mut own = package("pricing", &[]);
    own.manifest =
        "[dependencies]\nserde = \"1\"\npolars = { workspace = true, features = [\"csv\"] }\n\
                    rand.workspace = true\n[lints.rust]\nunsafe_code = \"forbid\"\n"
            .parse()
            .expect("TOML");
    assert_eq!(not_inherited(&own).len(), 3, "{:?}", not_inherited(&own));
}

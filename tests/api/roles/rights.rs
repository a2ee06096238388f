//! What somebody may do with a resource, found out by trying: reading, making and changing it over HTTP.

use std::fmt::Write;

use serde_json::{Value, json};
use uuid::Uuid;

use super::matrix::Resource;
use crate::support::{Answer, Client};

/// A place inside every role's scope, or outside one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Side {
    pub(super) digit: char,
}

impl Side {
    pub(super) const INSIDE: Self = Self { digit: '1' };

    pub(super) fn id(self, prefix: &str) -> String {
        format!("{prefix}-0000-7000-8000-00000000000{}", self.digit)
    }

    pub(super) fn grid(self) -> &'static str {
        match self.digit {
            '1' => "370828003218001",
            '2' => "370828003218002",
            '3' => "370828003222001",
            _ => "370828004201001",
        }
    }

    /// In the grid, away from what `seed.sql` put there.
    fn place(self) -> Value {
        let (x, y) = match self.digit {
            '1' => (116.302, 35.0745),
            '2' => (116.312, 35.0745),
            '3' => (116.302, 35.0645),
            _ => (116.402, 35.0645),
        };
        json!({"x": x, "y": y, "crs": "wgs84"})
    }
}

fn report_kind(digit: char) -> &'static str {
    ["hazard", "dispute", "request", "opinion", "help"][digit as usize - '0' as usize]
}

impl Resource {
    /// The list that would hold it, and the address of one.
    fn addresses(self, side: Side) -> (Option<String>, String) {
        let api = |path: &str| format!("/api/v1/{path}");
        let listed = |path: &str, prefix: &str| {
            (Some(api(&format!("{path}?limit=500"))), api(&format!("{path}/{}", side.id(prefix))))
        };
        match self {
            Self::Households | Self::Residents | Self::Identities | Self::Care => {
                listed("households", "20000000")
            }
            Self::Enterprises | Self::Contacts => listed("enterprises", "30000000"),
            Self::Hazards => listed("hazards", "40000000"),
            Self::Report(kind) => listed("reports", &format!("5{kind}000000")),
            Self::Accounts => {
                let stranger = "10000000-0000-7000-8000-00000000000a";
                let id = if side.digit == '1' { side.id("10000000") } else { stranger.into() };
                (Some(api("accounts?limit=500")), api(&format!("accounts/{id}")))
            }
            // What lies in the street is everybody's map; outside is another street.
            Self::Areas if side.digit == '1' => (Some(api("areas")), api("areas/370828003218")),
            Self::Areas => (Some(api("areas")), api("areas/370828004201")),
            Self::Grids if side.digit == '1' => (Some(api("grids")), api("grids/370828003218001")),
            Self::Grids => (Some(api("grids")), api("grids/370828004201001")),
            Self::Figures => (None, api(&format!("grids/{}/figures", side.grid()))),
            Self::Patrols => (None, api(&format!("patrols/today?grid={}", side.grid()))),
            Self::Duties => (None, api(&format!("duties?grid={}", side.grid()))),
            Self::HouseVisits => {
                let target = side.id("20000000");
                (None, api(&format!("visits?target_kind=household&target_id={target}")))
            }
            Self::WorkVisits => {
                let target = side.id("30000000");
                (None, api(&format!("visits?target_kind=enterprise&target_id={target}")))
            }
            Self::Plans => (None, api("plans")),
            Self::KeptPatrols => (None, api("patrols?limit=500")),
            Self::Team => (None, api("patrols/team")),
            Self::Scores => (None, api("risk/enterprises?kind=fire&limit=500")),
        }
    }

    async fn read(self, client: &Client, side: Side) -> char {
        let (list, one) = self.addresses(side);
        let answer = client.get(&one).await;
        let found = match self {
            Self::HouseVisits | Self::WorkVisits => !items(&answer).is_empty(),
            Self::Plans => items(&answer).iter().any(|plan| plan["id"] == side.id("60000000")),
            Self::KeptPatrols => items(&answer).iter().any(|patrol| patrol["id"] == side.id("70000000")),
            Self::Team => items(&answer).iter().any(|walker| {
                walker["place_code"].as_str().is_some_and(|place| side.grid().starts_with(place))
            }),
            Self::Scores => {
                items(&answer).iter().any(|scored| scored["enterprise_id"] == side.id("30000000"))
            }
            _ => answer.status == 200,
        };
        assert!(
            found || matches!(answer.status, 200 | 403 | 404),
            "{one}: {} {}",
            answer.status,
            answer.body
        );
        if let Some(list) = list {
            let name = one.rsplit('/').next().unwrap();
            let listed =
                items(&client.get(&list).await).iter().any(|item| item["id"] == name || item["code"] == name);
            assert_eq!(listed, found, "{list} and {one} disagree");
        }
        if !found {
            return '-';
        }
        let resident = &answer.body["residents"][0];
        match self {
            Self::Identities => {
                let full = resident["id_number"] == "37082819450101002X" && resident["phone"].is_string();
                let masked = resident["id_number_masked"].as_str().unwrap().contains("****");
                assert!(masked && (full || !answer.body.to_string().contains("19450101")), "{}", answer.body);
                if full { 'R' } else { 'M' }
            }
            Self::Care if resident["care"]["details"].is_string() => 'R',
            Self::Contacts if answer.body["phone"].is_string() => 'R',
            Self::Care | Self::Contacts | Self::Residents => '-',
            _ => 'R',
        }
    }

    async fn create(self, client: &Client, side: Side) -> Option<Answer> {
        let id = Uuid::now_v7();
        let (path, body) = match self {
            Self::Households => {
                ("households".into(), json!({"id": id, "address": "测试", "place": side.place()}))
            }
            Self::Residents => (
                format!("households/{}/residents", side.id("20000000")),
                json!({"id": id, "name": "测试", "sex": "male", "relation": "other"}),
            ),
            Self::Enterprises => (
                "enterprises".into(),
                json!({"id": id, "code": "91370828MA3TET600K", "name": "测试", "category": "shop",
                       "hazard_class": "general", "place": side.place()}),
            ),
            Self::Hazards => (
                "hazards".into(),
                json!({"id": id, "kind": "fire", "severity": 1, "description": "测试", "found_on": "2022-09-01",
                       "place": side.place()}),
            ),
            // Anybody who files reports may do so in the whole street: outside is another street.
            Self::Report(kind) => {
                let side = if side.digit == '1' { side } else { Side { digit: '5' } };
                let kind = report_kind(kind);
                let mut body = json!({"id": id, "kind": kind, "severity": 1, "words": "测试", "place": side.place(),
                                      "happened_at": "2022-09-01T08:00:00+08:00"});
                if kind == "hazard" {
                    body["hazard_kind"] = json!("fire");
                }
                ("reports".into(), body)
            }
            Self::HouseVisits | Self::WorkVisits => {
                let (kind, prefix) = if self == Self::HouseVisits {
                    ("household", "20000000")
                } else {
                    ("enterprise", "30000000")
                };
                let body = json!({"id": id, "target_kind": kind, "target_id": side.id(prefix), "purpose": "测试",
                                  "result": "done", "visited_at": "2022-09-01T08:00:00+08:00"});
                ("visits".into(), body)
            }
            Self::Plans => {
                let (code, south) =
                    if side.digit == '1' { ("370828003218", 35.07) } else { ("370828003222", 35.06) };
                let (code, west, south) =
                    if side.digit == '5' { ("370828004201", 116.40, 35.06) } else { (code, 116.30, south) };
                let grids = plan_grids(code, west, south);
                let body =
                    json!({"id": id, "village_code": code, "name": "测试", "from": "grids", "grids": grids});
                ("plans".into(), body)
            }
            Self::Accounts => {
                let body = json!({"login": format!("new{}", side.digit), "display_name": "测试",
                                  "role": "grid_member", "scope_code": side.grid()});
                ("accounts".into(), body)
            }
            _ => return None,
        };
        Some(client.post(&format!("/api/v1/{path}"), &body).await)
    }

    async fn change(self, client: &Client, side: Side) -> Option<Answer> {
        let (_, one) = self.addresses(side);
        let (path, body) = match self {
            Self::Households => (one, json!({"address": "改后"})),
            Self::Residents => {
                (format!("/api/v1/residents/{}", side.id("21000000")), json!({"relation": "other"}))
            }
            Self::Enterprises => (one, json!({"staff": 3})),
            Self::Hazards => (one, json!({"severity": 1})),
            Self::Areas => (one, json!({"population": 5})),
            Self::Grids => (one, json!({"name": "改名"})),
            Self::Accounts => (one, json!({"display_name": "改名"})),
            Self::Report(_) => {
                let body = json!({"id": Uuid::now_v7(), "action": "note", "note": "测试"});
                return Some(client.post(&format!("{one}/actions"), &body).await);
            }
            _ => return None,
        };
        Some(client.patch(&path, Some("\"1\""), &body).await)
    }

    /// What `client` may do on `side`, in the letters of the table.
    pub(super) async fn rights(self, client: &Client, side: Side) -> String {
        let mut rights = String::new();
        let read = self.read(client, side).await;
        for (letter, answer) in
            [('C', self.create(client, side).await), ('U', self.change(client, side).await)]
        {
            let Some(answer) = answer else { continue };
            match answer.status {
                200 | 201 => rights.push(letter),
                403 | 404 => {}
                // What lies outside the street is not known to be there at all.
                422 if answer.body["errors"][0]["field"] == "target_id" => {}
                422 if answer.body["errors"][0]["field"] == "place" => {}
                _ => write!(rights, "{letter}? {} ", answer.body).unwrap(),
            }
        }
        if read != '-' {
            rights.insert(0, read);
        }
        if rights.is_empty() { "-".into() } else { rights }
    }
}

fn items(answer: &Answer) -> Vec<Value> {
    answer.body["items"].as_array().cloned().unwrap_or_default()
}

/// The seeded outline of a village, as one or two grids.
fn plan_grids(village: &str, west: f64, south: f64) -> Value {
    let count = if village.ends_with("201") { 1 } else { 2 };
    let features: Vec<Value> = (0..count)
        .map(|n| {
            let west = if n == 0 { west } else { 116.31 };
            let (east, north) =
                if n == 0 && count == 2 { (116.31, south + 0.01) } else { (west + 0.01, south + 0.01) };
            let round = |degrees: f64| (degrees * 100.0).round() / 100.0;
            let (west, south, east, north) = (round(west), round(south), round(east), round(north));
            let ring = json!([[[west, south], [east, south], [east, north], [west, north], [west, south]]]);
            json!({"type": "Feature", "properties": {"code": format!("{village}00{}", n + 1)},
                   "geometry": {"type": "Polygon", "coordinates": ring}})
        })
        .collect();
    json!({"type": "FeatureCollection", "features": features})
}

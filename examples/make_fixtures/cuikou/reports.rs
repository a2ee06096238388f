//! About 6,000 reports over the street, July 2021 to 26 September 2022. Real: that Cuikou found 97 hidden risks
//! and resolved 53 of them on the spot. Invented: every single one.

use super::calendar::{DAY, END, LAST_DAY, Minute, month, unix_ms};
use super::plane::Pt;
use super::rng::Rng;
use super::scenes::Scenes;
use super::themes::{THEMES, Theme};

pub(crate) const CUIKOU_HAZARDS: usize = 97;
pub(crate) const CUIKOU_RESOLVED_ON_SPOT: usize = 53;
const CUIKOU_OTHERS: usize = 430;
const STREET_TOTAL: usize = 6000;

pub(crate) struct Report {
    pub(crate) id: String,
    pub(crate) at: Pt,
    pub(crate) grid: usize,
    pub(crate) kind: &'static str,
    pub(crate) hazard_kind: Option<&'static str>,
    pub(crate) severity: u8,
    pub(crate) words: String,
    pub(crate) status: &'static str,
    pub(crate) resolved_on_spot: bool,
    pub(crate) department: Option<&'static str>,
    pub(crate) happened: Minute,
    pub(crate) received: Minute,
    pub(crate) closed: Option<Minute>,
    pub(crate) enterprise: Option<String>,
    pub(crate) accuracy_m: i64,
}

/// All reports in the order in which they came in.
pub(crate) fn reports(scenes: &Scenes<'_>) -> Vec<Report> {
    let mut rng = Rng::named("reports");
    let mut reports = cuikou_hazards(scenes, &mut rng);
    let cuikou = scenes.street.cuikou();
    for _ in 0..CUIKOU_OTHERS {
        let mut report = draw(scenes, cuikou, |theme| theme.kind != "hazard", &mut rng);
        let on_spot = rng.chance(0.12);
        settle(&mut report, on_spot, false, &mut rng);
        reports.push(report);
    }
    let others: Vec<(usize, f64)> = (0..scenes.street.units.len())
        .filter(|&unit| unit != cuikou)
        .map(|unit| (unit, rng.range(0.6, 1.5)))
        .collect();
    while reports.len() < STREET_TOTAL {
        let unit = rng.weighted(&others);
        let hazard = rng.chance(0.3);
        let mut report = draw(scenes, unit, |theme| (theme.kind == "hazard") == hazard, &mut rng);
        let odds = [0.6, 0.45, 0.15, 0.0][usize::from(report.severity) - 1] * if hazard { 1.0 } else { 0.25 };
        let on_spot = rng.chance(odds);
        settle(&mut report, on_spot, false, &mut rng);
        reports.push(report);
    }
    reports.sort_by(|a, b| a.received.cmp(&b.received).then_with(|| a.id.cmp(&b.id)));
    reports
}

/// The 97. The lightest, more or less, are the 53 that were dealt with there and then.
fn cuikou_hazards(scenes: &Scenes<'_>, rng: &mut Rng) -> Vec<Report> {
    let unit = scenes.street.cuikou();
    let mut reports: Vec<Report> =
        (0..CUIKOU_HAZARDS).map(|_| draw(scenes, unit, |theme| theme.kind == "hazard", rng)).collect();
    // The last one found is found on the last day, when the story ends.
    if let Some(last) = reports.iter_mut().max_by_key(|report| report.happened) {
        last.happened += (LAST_DAY - last.happened / DAY) * DAY;
        last.received = last.happened + 4;
        last.id = uuid(last.received, rng);
    }
    let mut order: Vec<(f64, usize)> =
        reports.iter().enumerate().map(|(n, r)| (f64::from(r.severity) + rng.unit() * 1.4, n)).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (rank, (_, n)) in order.into_iter().enumerate() {
        settle(&mut reports[n], rank < CUIKOU_RESOLVED_ON_SPOT, true, rng);
    }
    reports
}

fn draw(scenes: &Scenes<'_>, unit: usize, suits: impl Fn(&Theme) -> bool, rng: &mut Rng) -> Report {
    let community = scenes.street.units[unit].community;
    let themes: Vec<(&Theme, f64)> = THEMES
        .iter()
        .filter(|theme| suits(theme) && !(community && theme.rural))
        .map(|theme| (theme, theme.weight))
        .collect();
    let theme = rng.weighted(&themes);
    let scene = scenes.pick(unit, theme.place, rng);
    let happened = when(theme, rng);
    let delay = if rng.chance(0.1) { 300 } else { 15 };
    let received = (happened + rng.int(1, delay)).min(END + 25);
    let words = rng
        .pick(theme.words)
        .replace("{e}", &scene.words_for_business)
        .replace("{p}", &scene.words_for_place)
        .replace("{n}", &rng.int(2, 6).to_string());
    let severities: Vec<(u8, f64)> = (1..=4).zip(theme.severities).collect();
    Report {
        id: uuid(received, rng),
        at: scene.at,
        grid: scene.grid,
        kind: theme.kind,
        hazard_kind: theme.hazard_kind,
        severity: rng.weighted(&severities),
        words,
        status: "open",
        resolved_on_spot: false,
        department: theme.department,
        happened,
        received,
        closed: None,
        enterprise: scene.enterprise,
        accuracy_m: rng.int(3, 12) + if rng.chance(0.15) { rng.int(5, 40) } else { 0 },
    }
}

/// A time in the theme's season, by daylight mostly; people fall and call for help at night as well.
fn when(theme: &Theme, rng: &mut Rng) -> Minute {
    let peak = theme.months.iter().fold(0.0, |a: f64, &b| a.max(b));
    loop {
        let day = rng.int(0, LAST_DAY);
        if !rng.chance(theme.months[month(day * DAY) - 1] / peak) {
            continue;
        }
        let night = theme.kind == "help" && rng.chance(0.3);
        let hour = if night {
            rng.weighted(&[
                (19, 2.0),
                (20, 2.0),
                (21, 1.5),
                (22, 1.0),
                (23, 0.7),
                (1, 0.5),
                (4, 0.5),
                (5, 1.0),
            ])
        } else {
            rng.weighted(&[
                (6, 1.0),
                (7, 2.5),
                (8, 5.0),
                (9, 7.0),
                (10, 7.0),
                (11, 4.0),
                (12, 1.5),
                (13, 1.5),
                (14, 3.5),
                (15, 6.0),
                (16, 6.5),
                (17, 5.0),
                (18, 3.0),
                (19, 1.5),
            ])
        };
        let happened = day * DAY + hour * 60 + rng.int(0, 59);
        if happened < END {
            return happened;
        }
    }
}

/// What became of it: old cases are closed, fresh ones on their way through the three tiers.
fn settle(report: &mut Report, on_spot: bool, watched: bool, rng: &mut Rng) {
    let department = report.department.take();
    if on_spot {
        report.resolved_on_spot = true;
        report.closed = Some(report.received + rng.int(5, 90));
        report.status =
            if report.received < END - 3 * DAY || rng.chance(0.5) { "closed" } else { "resolved" };
        return;
    }
    let age = (END - report.received) / DAY;
    let slow = report.kind == "hazard" && report.severity >= 3;
    let outcomes: [(&str, f64); 6] = match age {
        // What Cuikou could not resolve on the spot is followed to the end, and mostly still being followed.
        60..330 if watched => outcome(30.0, 3.0, 14.0, 29.0, 13.0, 11.0),
        330.. if watched => outcome(52.0, 4.0, 8.0, 18.0, 9.0, 9.0),
        ..7 => outcome(8.0, 12.0, 45.0, 25.0, 5.0, 5.0),
        7..30 => outcome(45.0, 15.0, 12.0, 15.0, 6.0, 7.0),
        30..90 if slow => outcome(60.0, 8.0, 6.0, 12.0, 6.0, 8.0),
        30..90 => outcome(88.0, 6.0, 1.0, 3.0, 1.0, 1.0),
        _ if slow => outcome(88.0, 4.0, 0.5, 3.0, 2.0, 2.5),
        _ => outcome(97.5, 2.0, 0.1, 0.3, 0.1, 0.0),
    };
    report.status = rng.weighted(&outcomes);
    let passed_on = match report.status {
        "dispatched" => true,
        "closed" | "resolved" => report.severity >= 3 || rng.chance(0.2),
        _ => false,
    };
    if passed_on {
        report.department = department.or(Some("law_enforcement"));
    }
    if matches!(report.status, "closed" | "resolved") {
        let latest = ((END - report.received) / 60).clamp(1, 24 * 20);
        report.closed = Some((report.received + 60 * rng.int(1, latest)).min(END + 28));
    }
}

fn outcome(
    closed: f64,
    resolved: f64,
    open: f64,
    coordinating: f64,
    up: f64,
    sent: f64,
) -> [(&'static str, f64); 6] {
    [
        ("closed", closed),
        ("resolved", resolved),
        ("open", open),
        ("coordinating", coordinating),
        ("escalated", up),
        ("dispatched", sent),
    ]
}

/// A UUID, version 7 (RFC 9562, section 5.7) of that minute.
pub(crate) fn uuid(minute: Minute, rng: &mut Rng) -> String {
    let mut random = [0; 10];
    random.fill_with(|| rng.next_u64() as u8);
    uuid::Builder::from_unix_timestamp_millis(unix_ms(minute), &random).into_uuid().to_string()
}

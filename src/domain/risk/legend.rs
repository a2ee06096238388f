//! How the density map is read: as data, and as a picture to put beside it.

use std::fmt::Write;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::manner::RelativeTo;
use super::question::Question;
use super::surface::Surface;
use crate::kernel::density::ramp::Scale;
use crate::message;
use crate::platform::locale::{Locale, Message};

/// How to read the density map.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DensityLegend {
    /// What the colours mean, in a few words.
    pub title: Message,
    /// The unit of the breaks.
    #[schema(example = "events/km²")]
    pub unit: &'static str,
    /// The bound of each class that is nearer to 0, rising: its lower bound, but for what has become less, where it is
    /// the upper one. What lies nearer to 0 than all of them is not coloured.
    pub breaks: Vec<f64>,
    /// The colour of each class, `#rrggbb`.
    pub colors: Vec<String>,
    /// The words for each class, in both languages.
    pub labels: Labels,
    /// How an event is weighted.
    pub weighting: Message,
    /// How many reports the map is made of.
    pub events: usize,
    /// How many enterprises, households or reports of another period they are compared with.
    pub compared: Option<usize>,
    /// How a report's weight is spread around it.
    #[schema(example = "quartic")]
    pub kernel: &'static str,
    /// The kernel's bandwidth, in metres: as asked for, or as chosen from the reports.
    pub bandwidth_m: u32,
    /// Whether each report has a bandwidth of its own around that.
    pub adaptive: bool,
    /// Whether the map is confined to the land of the grids, and corrected for it.
    pub edge: bool,
    /// After how many days half of a report's weight is left.
    pub half_life_days: u32,
    /// The day from which age is counted.
    pub as_of: NaiveDate,
}

/// One label per class.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Labels {
    /// Chinese.
    pub zh: Vec<String>,
    /// English.
    pub en: Vec<String>,
}

impl DensityLegend {
    /// The legend of the surface that answers `question`.
    pub(super) fn new(question: &Question, surface: &Surface) -> Self {
        let scale = surface.field.scale();
        let breaks = scale.breaks();
        let (title, unit, zh, en) = match (scale, question.manner.relative) {
            (Scale::Change, _) => (
                message!("风险密度变化", "Change in the density of reports"),
                "events/km²",
                "件/平方公里",
                "events/km²",
            ),
            (Scale::Relative, Some(RelativeTo::Households)) => (
                message!("每户风险", "Reports per household"),
                "events/household",
                "件/户",
                "events/household",
            ),
            (Scale::Relative, _) => (
                message!("每企业风险", "Reports per enterprise"),
                "events/enterprise",
                "件/家企业",
                "events/enterprise",
            ),
            (Scale::Density, _) => {
                (message!("风险密度", "Density of reports"), "events/km²", "件/平方公里", "events/km²")
            }
        };
        Self {
            title,
            unit,
            labels: Labels { zh: labels(&breaks, zh), en: labels(&breaks, en) },
            breaks,
            colors: scale.colours().iter().map(|[r, g, b]| format!("#{r:02x}{g:02x}{b:02x}")).collect(),
            weighting: weighting(question),
            events: surface.field.events(),
            compared: surface.field.compared(),
            kernel: question.kernel.key(),
            bandwidth_m: surface.bandwidth_m.round() as u32,
            adaptive: question.manner.is_adaptive,
            edge: surface.window.is_some(),
            half_life_days: question.half_life_days,
            as_of: question.as_of,
        }
    }

    /// The legend as an SVG picture in the caller's language, the highest class on top.
    pub(super) fn svg(&self) -> String {
        const ROW: usize = 24;
        let labels = match Locale::current() {
            Locale::Zh => &self.labels.zh,
            Locale::En => &self.labels.en,
        };
        let title = &self.title;
        let height = ROW * (labels.len() + 2) + 12;
        let mut svg = format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" width="280" height="{height}" viewBox="0 0 280 {height}" role="img" font-family="sans-serif" font-size="14"><title>{title}</title><rect width="280" height="{height}" fill="#fff"/><text x="12" y="22" font-weight="bold">{title}</text>"##
        );
        for (row, (color, label)) in self.colors.iter().zip(labels).rev().enumerate() {
            let (top, baseline) = (ROW * (row + 1) + 10, ROW * (row + 1) + 25);
            // Writing to a string does not fail.
            let _ = write!(
                svg,
                r##"<rect x="12" y="{top}" width="32" height="20" fill="{color}" stroke="#666" stroke-width="0.5"/><text x="54" y="{baseline}">{label}</text>"##
            );
        }
        let _ = write!(
            svg,
            r##"<text x="12" y="{}" font-size="11" fill="#444">{}</text></svg>"##,
            height - 10,
            self.weighting
        );
        svg
    }
}

/// The words for the classes whose bounds nearer to 0 are `breaks`.
fn labels(breaks: &[f64], unit: &str) -> Vec<String> {
    let label = |class: usize| {
        let bound = breaks[class];
        match bound {
            less if less < 0.0 => match class.checked_sub(1).map(|further| breaks[further]) {
                Some(further) => format!("−{} – −{} {unit}", further.abs(), less.abs()),
                None => format!("≤ −{} {unit}", less.abs()),
            },
            more => match breaks.get(class + 1) {
                Some(next) => format!("{more}–{next} {unit}"),
                None => format!("≥ {more} {unit}"),
            },
        }
    };
    (0..breaks.len()).map(label).collect()
}

fn weighting(question: &Question) -> Message {
    let (days, percent) = (question.half_life_days, question.done_percent);
    let fading = if question.never_fades() {
        message!("不随时间减弱", "not fading with age")
    } else {
        message!("每 {days} 天减半", "half after every {days} days")
    };
    let (zh, en) = (&fading.zh, &fading.en);
    if percent == 100 {
        return message!("按严重程度（1–4）加权，{zh}", "weighted by severity (1 to 4), {en}");
    }
    message!(
        "按严重程度（1–4）加权，{zh}，办结后计 {percent}%",
        "weighted by severity (1 to 4), {en}, {percent} % once done"
    )
}

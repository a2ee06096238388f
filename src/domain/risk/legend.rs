//! How the density map is read: as data, and as a picture to put beside it.

use std::fmt::Write;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::question::Question;
use crate::kernel::density::ramp;
use crate::message;
use crate::platform::locale::{Locale, Message};

/// How to read the density map.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DensityLegend {
    /// The unit of the breaks.
    #[schema(example = "events/km²")]
    pub unit: &'static str,
    /// The lower bound of each class, rising. What lies below the first is not coloured.
    pub breaks: Vec<f64>,
    /// The colour of each class, `#rrggbb`.
    pub colors: Vec<String>,
    /// The words for each class, in both languages.
    pub labels: Labels,
    /// How an event is weighted.
    pub weighting: Message,
    /// How many reports the map is made of.
    pub events: usize,
    /// How a report's weight is spread around it.
    #[schema(example = "quartic")]
    pub kernel: &'static str,
    /// The kernel's bandwidth, in metres.
    pub bandwidth_m: u32,
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
    /// The legend of a surface over `events` reports.
    pub(super) fn new(question: &Question, events: usize) -> Self {
        let breaks = ramp::BREAKS_PER_KM2;
        let ranges = || breaks.iter().zip(breaks.iter().skip(1).map(Some).chain([None]));
        let label = |unit: &str| {
            ranges()
                .map(|(from, to)| match to {
                    Some(to) => format!("{from}–{to} {unit}"),
                    None => format!("≥ {from} {unit}"),
                })
                .collect()
        };
        Self {
            unit: "events/km²",
            breaks: breaks.to_vec(),
            colors: ramp::COLOURS.iter().map(|[r, g, b]| format!("#{r:02x}{g:02x}{b:02x}")).collect(),
            labels: Labels { zh: label("起/平方公里"), en: label("events/km²") },
            weighting: weighting(question),
            events,
            kernel: question.kernel.key(),
            bandwidth_m: question.bandwidth_m,
            half_life_days: question.half_life_days,
            as_of: question.as_of,
        }
    }

    /// The legend as an SVG picture in the caller's language, the highest class on top.
    pub(super) fn svg(&self) -> String {
        const ROW: usize = 24;
        let (labels, title) = match Locale::current() {
            Locale::Zh => (&self.labels.zh, "风险密度"),
            Locale::En => (&self.labels.en, "Density of reports"),
        };
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

fn weighting(question: &Question) -> Message {
    let (days, percent) = (question.half_life_days, question.done_percent);
    if percent == 100 {
        return message!(
            "按严重程度（1–4）加权，每 {days} 天减半",
            "weighted by severity (1 to 4), half after every {days} days"
        );
    }
    message!(
        "按严重程度（1–4）加权，每 {days} 天减半，办结后计 {percent}%",
        "weighted by severity (1 to 4), half after every {days} days, {percent} % once done"
    )
}

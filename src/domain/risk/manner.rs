//! How a density is computed beside its kernel: bandwidths from the events, correction by the boundary, comparison.

use std::ops::RangeInclusive;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;

use super::question::period;
use crate::kernel::density::ramp::Scale;
use crate::kernel::density::{Event, Kernel, likely_bandwidth, scott_bandwidth};
use crate::message;
use crate::platform::http::Fields;
use crate::platform::problem::Problem;
use crate::terms;

terms! {
    /// How a bandwidth is chosen from the events.
    AutoBandwidth {
        /// Such that each place is best foreseen from the others: likelihood cross-validation.
        Likelihood = "cv", "交叉验证";
        /// By the spread and the number of events: Scott's rule.
        Scott = "scott", "斯科特法则";
    }
}

terms! {
    /// What events are compared with.
    RelativeTo {
        /// Enterprises at work.
        Enterprises = "enterprises", "企业";
        /// Households.
        Households = "households", "住户";
    }
}

/// How a density is computed, beside what it is made of.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct MannerQuery {
    /// Choose the bandwidth from the reports: `cv` (likelihood cross-validation, leaving out a place at a time) or
    /// `scott` (Scott's rule). `bandwidth_m` is then ignored; the legend says which bandwidth it is.
    #[param(inline)]
    pub auto: Option<AutoBandwidth>,
    /// Whether each report has a bandwidth of its own, wide where reports are few and narrow where they are many
    /// (Abramson's square root law), around `bandwidth_m`.
    pub adaptive: Option<bool>,
    /// Whether what a report would spread beyond the boundary of the caller's grids is given back inside (Diggle's
    /// correction). Nothing is drawn outside then.
    pub edge: Option<bool>,
    /// Divide by the density of `enterprises` or `households`: events for each of them, where there are any.
    #[param(inline)]
    pub relative: Option<RelativeTo>,
    /// Subtract the density of another period: its first and last day, or moments, separated by a comma.
    #[param(example = "2022-01-01,2022-03-31")]
    pub against: Option<String>,
}

/// How a density is computed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(super) struct Manner {
    pub(super) auto: Option<AutoBandwidth>,
    pub(super) is_adaptive: bool,
    pub(super) has_edge: bool,
    pub(super) relative: Option<RelativeTo>,
    /// From when, and until before when.
    pub(super) against: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

impl MannerQuery {
    /// Parses the query.
    ///
    /// # Errors
    /// 422 naming what is wrong, or cannot be together.
    pub(super) fn parse(&self) -> Result<Manner, Problem> {
        let manner = Manner {
            auto: self.auto,
            is_adaptive: self.adaptive.unwrap_or(false),
            has_edge: self.edge.unwrap_or(false),
            relative: self.relative,
            against: self.against.as_deref().map(|text| period("against", text)).transpose()?,
        };
        let mut fields = Fields::default();
        if manner.relative.is_some() && manner.against.is_some() {
            fields.refuse("against", message!("不能与 relative 同时使用", "not together with relative"));
        }
        if manner.is_adaptive && manner.scale() != Scale::Density {
            fields.refuse(
                "adaptive",
                message!("不能与 relative 或 against 同时使用", "not together with relative or against"),
            );
        }
        if manner.has_edge && manner.relative.is_some() {
            // Both densities would be divided by the same.
            fields.refuse("edge", message!("不能与 relative 同时使用", "not together with relative"));
        }
        fields.finish()?;
        Ok(manner)
    }
}

impl Manner {
    /// What the numbers mean.
    pub(super) fn scale(&self) -> Scale {
        match (self.relative, self.against) {
            (Some(_), _) => Scale::Relative,
            (None, Some(_)) => Scale::Change,
            (None, None) => Scale::Density,
        }
    }

    /// The bandwidth for `events`: chosen from them where that is asked for and they say anything, in whole metres
    /// within the range; `given` otherwise.
    pub(super) fn bandwidth_m(
        &self,
        kernel: Kernel,
        events: &[Event],
        given: u32,
        range_m: &RangeInclusive<u32>,
    ) -> u32 {
        let (least, most) = (f64::from(*range_m.start()), f64::from(*range_m.end()));
        // Of a Gaussian; other kernels are wider for the same smoothing.
        let wider = kernel.gaussian_bandwidths();
        let chosen = match self.auto {
            None => None,
            Some(AutoBandwidth::Scott) => scott_bandwidth(events),
            Some(AutoBandwidth::Likelihood) => likely_bandwidth(events, &(least / wider..=most / wider)),
        };
        chosen.map_or(given, |chosen| (chosen * wider).clamp(least, most).round() as u32)
    }
}

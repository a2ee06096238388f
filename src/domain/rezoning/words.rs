//! A proposal in a sentence, as one would read it out at a village meeting.

use super::report::Overall;
use crate::kernel::zoning::Aim;
use crate::message;
use crate::platform::locale::Message;

/// The name of an aim in reports.
pub(super) fn key(aim: Aim) -> &'static str {
    match aim {
        Aim::FewMoved => "few_moved",
        Aim::Even => "even",
        Aim::Compact => "compact",
    }
}

fn percent(share: f64) -> f64 {
    (share * 1000.0).round() / 10.0
}

/// What a proposal does.
pub(crate) fn summary(aim: Aim, overall: &Overall, today: Option<f64>, has_roads: bool) -> Message {
    let title = match aim {
        Aim::FewMoved => Message::new("变动最少", "Fewest people moved"),
        Aim::Even => Message::new("负荷最均衡", "Most even"),
        Aim::Compact => Message::new("边界最短", "Shortest borders"),
    };
    let now = percent(overall.max_deviation);
    let load = match today.map(percent) {
        Some(before) => message!(
            "最大负荷偏差由 {before}% 变为 {now}%",
            "the largest deviation in load goes from {before} % to {now} %"
        ),
        None => message!("最大负荷偏差 {now}%", "the largest deviation in load is {now} %"),
    };
    let (people, units) = (overall.people_moved, overall.units_moved);
    let moved = match (today, units) {
        (None, _) => message!("", ""),
        (_, 0) => message!("，无须变动任何住户", ", nobody changes zone"),
        _ => {
            message!("，{units} 处、{people} 人更换网格", ", {units} units with {people} people change zone")
        }
    };
    let km = (overall.border_m / 100.0).round() / 10.0;
    let roads = percent(overall.along_roads);
    let border = if has_roads {
        message!(
            "，网格之间的边界共 {km} 公里，其中 {roads}% 沿道路",
            ", {km} km of border between zones, {roads} % of it along roads"
        )
    } else {
        message!("，网格之间的边界共 {km} 公里", ", {km} km of border between zones")
    };
    Message::new(
        format!("{}：{}{}{}。", title.zh, load.zh, moved.zh, border.zh),
        format!("{}: {}{}{}.", title.en, load.en, moved.en, border.en),
    )
}

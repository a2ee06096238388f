//! What to do along a way, in words. Never here: where to turn.

use crate::kernel::roads::{Maneuver, Side, Step, Turn};
use crate::message;
use crate::platform::locale::Message;

/// A step in words, the road it leads onto by its name where it has one.
pub(super) fn of(step: &Step, road: Option<&str>) -> Message {
    match step.maneuver {
        Maneuver::Depart { bearing_deg } => depart(bearing_deg, road),
        Maneuver::Turn(turn) => along(turn, road),
        Maneuver::Arrive(Side::Here) => message!("到达", "you are there"),
        Maneuver::Arrive(Side::Left) => message!("到达，在道路左侧", "you are there, on the left"),
        Maneuver::Arrive(Side::Right) => message!("到达，在道路右侧", "you are there, on the right"),
    }
}

fn depart(bearing_deg: f64, road: Option<&str>) -> Message {
    const WINDS: [(&str, &str); 8] = [
        ("北", "north"),
        ("东北", "north-east"),
        ("东", "east"),
        ("东南", "south-east"),
        ("南", "south"),
        ("西南", "south-west"),
        ("西", "west"),
        ("西北", "north-west"),
    ];
    let (zh, en) = WINDS[(bearing_deg / 45.0).round() as usize % WINDS.len()];
    match road {
        Some(road) => message!("沿{road}向{zh}出发", "set out {en} on {road}"),
        None => message!("向{zh}出发", "set out to the {en}"),
    }
}

fn along(turn: Turn, road: Option<&str>) -> Message {
    let (zh, en) = match turn {
        Turn::Straight => ("直行", "go straight on"),
        Turn::SlightLeft => ("稍向左转", "bear left"),
        Turn::Left => ("左转", "turn left"),
        Turn::SharpLeft => ("向左急转", "turn sharp left"),
        Turn::SlightRight => ("稍向右转", "bear right"),
        Turn::Right => ("右转", "turn right"),
        Turn::SharpRight => ("向右急转", "turn sharp right"),
        Turn::UTurn => ("掉头", "turn back"),
    };
    match road {
        Some(road) => message!("{zh}，进入{road}", "{en} onto {road}"),
        None => message!("{zh}", "{en}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn winds_wrap_round_to_the_north() {
        assert_eq!(depart(350.0, None).en, "set out to the north");
        assert_eq!(depart(92.0, Some("东街")).zh, "沿东街向东出发");
    }

    #[test]
    fn a_turn_names_the_road_where_it_has_a_name() {
        assert_eq!(along(Turn::Left, Some("北巷")).zh, "左转，进入北巷");
        assert_eq!(along(Turn::Left, None).en, "turn left");
    }
}

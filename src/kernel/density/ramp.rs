//! Which densities share a colour: fixed classes, the same on every tile, at every zoom and on every day, so
//! that two maps can be compared. Never here: drawing.

/// The classes' lower bounds in events per square kilometre, rising; what lies below the first is not coloured.
///
/// A 1-2-5 series: each class begins at about twice the density of the one before. With a bandwidth of 150 m a
/// single fresh event of weight 1 peaks at 42 per km², in the second class.
pub const BREAKS_PER_KM2: [f64; 8] = [10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0];

/// The classes' colours (red, green, blue), from the lowest to the highest: from light to dark, so that they
/// keep their order for every kind of colour blindness and on a black-and-white print.
///
/// The inferno map (van der Walt and Smith 2015, made perceptually uniform in CAM02-UCS), walked from its light
/// end at equal steps.
pub const COLOURS: [[u8; 3]; 8] = [
    [249, 234, 117],
    [249, 182, 34],
    [244, 129, 24],
    [220, 84, 56],
    [182, 54, 85],
    [137, 34, 104],
    [91, 18, 107],
    [43, 10, 78],
];

/// The class of a density, or `None` below the first: class 0 begins at the first of [`BREAKS_PER_KM2`].
///
/// A density on a break belongs to the class above it.
#[must_use]
pub fn class(per_km2: f64) -> Option<usize> {
    BREAKS_PER_KM2.partition_point(|&bound| bound <= per_km2).checked_sub(1)
}

/// The number of a density's colour in a palette that begins with nothing at all: 0 below the first class.
#[must_use]
pub fn colour(per_km2: f64) -> u8 {
    // Counted without a branch: a tile asks 65,536 times.
    BREAKS_PER_KM2.iter().map(|&bound| u8::from(bound <= per_km2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use colorgrad::Gradient;

    /// Relative luminance by WCAG 2.2.
    fn luminance([red, green, blue]: [u8; 3]) -> f64 {
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    #[test]
    fn colours_are_equal_steps_of_inferno() {
        let inferno = colorgrad::preset::inferno();
        let expected: Vec<[u8; 3]> = (0..8_u8)
            .map(|class| {
                let [red, green, blue, _] = inferno.at(0.95 - 0.115 * f32::from(class)).to_rgba8();
                [red, green, blue]
            })
            .collect();
        assert_eq!(COLOURS.to_vec(), expected);
    }

    #[test]
    fn each_class_is_visibly_darker_than_the_one_below() {
        for pair in COLOURS.windows(2) {
            assert!(luminance(pair[0]) + 0.05 > 1.2 * (luminance(pair[1]) + 0.05), "{pair:?}");
        }
    }

    #[test]
    fn a_density_on_a_break_belongs_above_it() {
        assert_eq!(class(0.0), None);
        assert_eq!(class(9.999), None);
        assert_eq!(class(10.0), Some(0));
        assert_eq!(class(19.999), Some(0));
        assert_eq!(class(20.0), Some(1));
        assert_eq!(class(1e9), Some(7));
        assert_eq!(class(f64::NAN), None);
        for density in [0.0, 9.999, 10.0, 20.0, 1e9, f64::NAN] {
            assert_eq!(usize::from(colour(density)), class(density).map_or(0, |class| class + 1));
        }
    }
}

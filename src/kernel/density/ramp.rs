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

/// The lower bounds of the classes of events for each enterprise or household, rising.
pub const RELATIVE_BREAKS: [f64; 8] = [0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];

/// From which difference on, in events per square kilometre, a change up or down has which class.
pub const CHANGE_BREAKS_PER_KM2: [f64; 5] = [10.0, 30.0, 100.0, 300.0, 1000.0];

/// The colours of what has become less, from the least change to the greatest: the purple half of `ColorBrewer`'s `PuOr`
/// (Harrower and Brewer 2003), which every kind of colour blindness tells from the orange one.
pub const LESS: [[u8; 3]; 5] =
    [[216, 218, 235], [178, 171, 210], [128, 115, 172], [84, 39, 136], [45, 0, 75]];

/// The colours of what has become more, from the least change to the greatest: the orange half.
pub const MORE: [[u8; 3]; 5] = [[254, 224, 182], [253, 184, 99], [224, 130, 20], [179, 88, 6], [127, 59, 8]];

/// What the numbers of a surface mean, and thus their classes and colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scale {
    /// Events per square kilometre.
    Density,
    /// Events for each enterprise or household.
    Relative,
    /// By how many events per square kilometre it has become more, or less.
    Change,
}

impl Scale {
    /// The colours of its palette but for the first, which is none at all.
    #[must_use]
    pub fn colours(self) -> Vec<[u8; 3]> {
        match self {
            Self::Density | Self::Relative => COLOURS.to_vec(),
            Self::Change => LESS.iter().rev().chain(&MORE).copied().collect(),
        }
    }

    /// The bound of each class that is nearer to 0, in the order of the colours, rising.
    #[must_use]
    pub fn breaks(self) -> Vec<f64> {
        match self {
            Self::Density => BREAKS_PER_KM2.to_vec(),
            Self::Relative => RELATIVE_BREAKS.to_vec(),
            Self::Change => {
                let less = CHANGE_BREAKS_PER_KM2.iter().rev().map(|bound| -bound);
                less.chain(CHANGE_BREAKS_PER_KM2).collect()
            }
        }
    }

    /// The number of a value's colour in the palette: 0 where there is none, and for what is no number.
    #[must_use]
    pub fn colour(self, value: f64) -> u8 {
        let [colour] = self.colour_each(&[value]);
        colour
    }

    /// The numbers of some values' colours.
    #[must_use]
    pub fn colour_each<const N: usize>(self, values: &[f64; N]) -> [u8; N] {
        match self {
            Self::Density => at_least(&BREAKS_PER_KM2, values),
            Self::Relative => at_least(&RELATIVE_BREAKS, values),
            Self::Change => {
                let classes = CHANGE_BREAKS_PER_KM2.len() as u8;
                let less = at_least(&CHANGE_BREAKS_PER_KM2, &values.map(|value| -value));
                let more = at_least(&CHANGE_BREAKS_PER_KM2, values);
                std::array::from_fn(|value| match (more[value], less[value]) {
                    (0, 0) => 0,
                    (0, less) => classes + 1 - less,
                    (more, _) => classes + more,
                })
            }
        }
    }

    /// The class of a value in the order of the colours, or `None` where there is no colour.
    #[must_use]
    pub fn class(self, value: f64) -> Option<usize> {
        usize::from(self.colour(value)).checked_sub(1)
    }
}

/// The class of a density, or `None` below the first: class 0 begins at the first of [`BREAKS_PER_KM2`].
///
/// A density on a break belongs to the class above it.
#[must_use]
pub fn class(per_km2: f64) -> Option<usize> {
    Scale::Density.class(per_km2)
}

/// The number of a density's colour in a palette that begins with nothing at all: 0 below the first class.
#[must_use]
pub fn colour(per_km2: f64) -> u8 {
    Scale::Density.colour(per_km2)
}

/// How many bounds each value reaches. Counted without a branch, in numbers as wide as the values: a tile asks 65,536
/// times.
fn at_least<const BOUNDS: usize, const N: usize>(bounds: &[f64; BOUNDS], values: &[f64; N]) -> [u8; N] {
    let mut reached = [0_u64; N];
    for bound in bounds {
        for (reached, value) in reached.iter_mut().zip(values) {
            *reached += u64::from(bound <= value);
        }
    }
    reached.map(|bounds| bounds as u8)
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
    fn changes_are_two_halves_of_puor_and_each_class_darker_than_the_one_before() {
        let puor = colorgrad::preset::pu_or();
        let colours = Scale::Change.colours();
        assert_eq!(colours.len(), Scale::Change.breaks().len());
        // The map runs through `ColorBrewer`'s colours nearly, but for its ends.
        for (number, colour) in colours.iter().enumerate() {
            let at = number + usize::from(number >= 5);
            let [red, green, blue, _] = puor.at(at as f32 / 10.0).to_rgba8();
            let near = |a: u8, b: u8| a.abs_diff(b) < 32;
            assert!(
                near(colour[0], red) && near(colour[1], green) && near(colour[2], blue),
                "{colour:?} {red} {green} {blue}"
            );
        }
        for half in [LESS, MORE] {
            for pair in half.windows(2) {
                assert!(luminance(pair[0]) + 0.05 > 1.2 * (luminance(pair[1]) + 0.05), "{pair:?}");
            }
        }
    }

    #[test]
    fn a_change_has_the_class_of_its_size_and_direction() {
        let class = |value| Scale::Change.class(value);
        for (value, expected) in [
            (0.0, None),
            (9.9, None),
            (-9.9, None),
            (f64::NAN, None),
            (10.0, Some(5)),
            (1e6, Some(9)),
            (-10.0, Some(4)),
            (-29.9, Some(4)),
            (-30.0, Some(3)),
            (-1e6, Some(0)),
        ] {
            assert_eq!(class(value), expected, "{value}");
        }
        assert_eq!(Scale::Relative.class(0.049), None);
        assert_eq!(Scale::Relative.class(0.05), Some(0));
        assert_eq!(Scale::Relative.class(99.0), Some(7));
        assert!(Scale::Change.breaks().is_sorted());
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

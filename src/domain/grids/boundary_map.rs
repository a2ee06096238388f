//! The published boundaries of every date, as of one reading of the database: a place and a date in, a grid out.
//!
//! Never here: SQL, or deciding when to read again.

use std::sync::OnceLock;

use chrono::NaiveDate;
use geo::MultiPolygon;
use uuid::Uuid;

use crate::kernel::geometry::{BuildError, FaceId, GridIndex, Wgs84};
use crate::platform::code::{GridCode, Level, PlaceCode, VillageCode};

/// Where a place lies.
#[derive(Debug, Clone, PartialEq)]
pub struct Located {
    /// The grid that owned the place on that date, if one did.
    pub grid: Option<GridCode>,
    /// What to file the place under: the grid; else the village or street around it; else the street of the
    /// nearest grid.
    pub place_code: PlaceCode,
    /// The boundary plan that gave the place to its grid.
    pub plan_id: Option<Uuid>,
    /// Metres from the grid's boundary, when there is a grid.
    pub boundary_m: Option<f64>,
    /// The nearest grid and its distance in metres, when no grid owned the place.
    pub nearest: Option<(GridCode, f64)>,
    /// True when no known area holds the place either, and it is filed under the street of the nearest grid.
    pub beyond: bool,
}

impl Located {
    /// True when an error of `tolerance_m` in the place could put it on the other side of a boundary.
    #[must_use]
    pub fn near_boundary(&self, tolerance_m: f64) -> bool {
        let distance = self.boundary_m.or_else(|| self.nearest.as_ref().map(|(_, distance)| *distance));
        distance.is_some_and(|distance| distance <= tolerance_m)
    }
}

/// One grid's boundary under one plan.
#[derive(Debug)]
pub(super) struct Boundary {
    pub(super) grid: GridCode,
    pub(super) plan: Uuid,
    /// The first date it is valid on; the beginning of time when it has none.
    pub(super) from: NaiveDate,
    /// The first date it is no longer valid on.
    pub(super) until: Option<NaiveDate>,
    pub(super) geometry: MultiPolygon<f64>,
}

impl Boundary {
    fn is_valid_on(&self, date: NaiveDate) -> bool {
        self.from <= date && self.until.is_none_or(|until| date < until)
    }
}

/// A stretch of dates on which no boundary begins or ends. Its index is made when first asked for: of the many
/// dates plans were ever published on, few are asked about.
#[derive(Debug)]
struct Epoch {
    from: NaiveDate,
    index: OnceLock<Result<GridIndex, BuildError>>,
}

/// The outlines of the areas of one level.
#[derive(Debug)]
struct Outlines {
    codes: Vec<PlaceCode>,
    index: GridIndex,
}

impl Outlines {
    fn build(areas: &[(PlaceCode, MultiPolygon<f64>)], level: Level) -> Result<Self, BuildError> {
        let of_level = || areas.iter().filter(|(code, _)| code.level() == level);
        let faces = (0..).map(FaceId).zip(of_level().map(|(_, geometry)| geometry.clone()));
        Ok(Self {
            codes: of_level().map(|(code, _)| code.clone()).collect(),
            index: GridIndex::build(faces)?,
        })
    }

    fn around(&self, place: Wgs84) -> Option<&PlaceCode> {
        self.codes.get(self.index.locate(place)?.0 as usize)
    }
}

/// The published boundaries of every date, and the outlines of villages and streets.
#[derive(Debug)]
pub struct BoundaryMap {
    /// In the order of their codes: a face's number is its boundary's position here.
    boundaries: Vec<Boundary>,
    /// In the order of their dates; the first begins before every date.
    epochs: Vec<Epoch>,
    villages: Outlines,
    streets: Outlines,
}

impl BoundaryMap {
    /// Arranges boundaries and outlines given in any order. Builds no epoch yet.
    pub(super) fn new(
        mut boundaries: Vec<Boundary>,
        areas: &[(PlaceCode, MultiPolygon<f64>)],
    ) -> Result<Self, BuildError> {
        boundaries.sort_by(|a, b| (&a.grid, a.from).cmp(&(&b.grid, b.from)));
        let mut starts: Vec<_> = std::iter::once(NaiveDate::MIN)
            .chain(boundaries.iter().flat_map(|boundary| [Some(boundary.from), boundary.until]).flatten())
            .collect();
        starts.sort_unstable();
        starts.dedup();
        Ok(Self {
            boundaries,
            epochs: starts.into_iter().map(|from| Epoch { from, index: OnceLock::new() }).collect(),
            villages: Outlines::build(areas, Level::Village)?,
            streets: Outlines::build(areas, Level::Street)?,
        })
    }

    /// True when the grid ever had a boundary.
    #[must_use]
    pub fn knows(&self, grid: &GridCode) -> bool {
        self.boundaries.binary_search_by(|boundary| boundary.grid.cmp(grid)).is_ok()
    }

    /// The grids in the order of the faces' numbers in the indexes of [`Self::on`]; one that had several boundaries is
    /// there as often.
    pub fn grids(&self) -> impl Iterator<Item = &GridCode> {
        self.boundaries.iter().map(|boundary| &boundary.grid)
    }

    /// The shapes of `village`'s grids in force on `date`, in the order of their codes.
    pub fn shapes_of<'a>(
        &'a self,
        village: &'a VillageCode,
        date: NaiveDate,
    ) -> impl Iterator<Item = (&'a GridCode, &'a MultiPolygon<f64>)> {
        self.boundaries
            .iter()
            .filter(move |boundary| boundary.grid.village() == *village && boundary.is_valid_on(date))
            .map(|boundary| (&boundary.grid, &boundary.geometry))
    }

    /// The boundaries in force on `date`. The first call for an epoch builds its index: O(n log n) in the number
    /// of vertices valid then.
    ///
    /// # Errors
    /// When a boundary in force then cannot be indexed.
    pub fn on(&self, date: NaiveDate) -> Result<&GridIndex, BuildError> {
        let after = self.epochs.partition_point(|epoch| epoch.from <= date);
        // The first epoch begins before every date, so there is always one.
        let epoch = &self.epochs[after.saturating_sub(1)];
        epoch.index.get_or_init(|| self.build(epoch.from)).as_ref().map_err(|error| *error)
    }

    fn build(&self, date: NaiveDate) -> Result<GridIndex, BuildError> {
        let faces = (0..).map(FaceId).zip(&self.boundaries);
        GridIndex::build(
            faces
                .filter(|(_, boundary)| boundary.is_valid_on(date))
                .map(|(face, boundary)| (face, boundary.geometry.clone())),
        )
    }

    /// Where `place` lay on `date`; nothing when no grid was in force then and no outline holds the place.
    ///
    /// # Errors
    /// As [`Self::on`].
    pub fn locate(&self, place: Wgs84, date: NaiveDate) -> Result<Option<Located>, BuildError> {
        let index = self.on(date)?;
        if let Some(boundary) = index.locate(place).and_then(|face| self.boundaries.get(face.0 as usize)) {
            return Ok(Some(Located {
                grid: Some(boundary.grid.clone()),
                place_code: boundary.grid.place(),
                plan_id: Some(boundary.plan),
                boundary_m: index.distance_to_boundary_m(place),
                nearest: None,
                beyond: false,
            }));
        }
        let nearest = index.nearest(place).and_then(|(face, distance_m)| {
            self.boundaries.get(face.0 as usize).map(|boundary| (boundary.grid.clone(), distance_m))
        });
        let around = self.villages.around(place).or_else(|| self.streets.around(place)).cloned();
        let beyond = around.is_none();
        let filed = around.or_else(|| nearest.as_ref().map(|(grid, _)| grid.place().street()));
        Ok(filed.map(|place_code| Located {
            grid: None,
            place_code,
            plan_id: None,
            boundary_m: None,
            nearest,
            beyond,
        }))
    }
}

#[cfg(test)]
mod tests {
    use geo::polygon;

    use super::*;

    fn square(west: f64, south: f64, side: f64) -> MultiPolygon<f64> {
        polygon![
            (x: west, y: south), (x: west + side, y: south),
            (x: west + side, y: south + side), (x: west, y: south + side),
        ]
        .into()
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn boundary(code: &str, from: &str, until: Option<&str>, geometry: MultiPolygon<f64>) -> Boundary {
        Boundary {
            grid: code.parse().unwrap(),
            plan: Uuid::nil(),
            from: date(from),
            until: until.map(date),
            geometry,
        }
    }

    /// Grid 1 held both squares until 2022; then grid 2 took the eastern one.
    fn map() -> BoundaryMap {
        let mut both = square(0.0, 0.0, 1.0);
        both.0.extend(square(1.0, 0.0, 1.0));
        BoundaryMap::new(
            vec![
                boundary("370828003218002", "2022-01-01", None, square(1.0, 0.0, 1.0)),
                boundary("370828003218001", "2020-01-01", Some("2022-01-01"), both),
                boundary("370828003218001", "2022-01-01", None, square(0.0, 0.0, 1.0)),
            ],
            &[
                ("370828003218".parse().unwrap(), square(0.0, 0.0, 3.0)),
                ("370828003".parse().unwrap(), square(0.0, 0.0, 4.0)),
                ("370828".parse().unwrap(), square(0.0, 0.0, 50.0)),
            ],
        )
        .unwrap()
    }

    fn at(lon: f64, lat: f64, on: &str) -> Option<Located> {
        map().locate(Wgs84::new(lon, lat).unwrap(), date(on)).unwrap()
    }

    #[test]
    fn a_place_belongs_to_the_grid_that_was_valid_then() {
        let grid = |on| at(1.5, 0.5, on).unwrap().grid.map(|code| code.number());
        assert_eq!(grid("2019-12-31"), None);
        assert_eq!(grid("2020-01-01"), Some(1));
        assert_eq!(grid("2021-12-31"), Some(1));
        assert_eq!(grid("2022-01-01"), Some(2));
    }

    #[test]
    fn outside_every_grid_the_narrowest_area_is_named() {
        let place = |lon, on| at(lon, 0.5, on).map(|located| located.place_code.to_string());
        assert_eq!(place(2.5, "2022-06-01").as_deref(), Some("370828003218"));
        assert_eq!(place(3.5, "2022-06-01").as_deref(), Some("370828003"));
        let far = at(10.0, 0.5, "2022-06-01").unwrap();
        assert_eq!(far.place_code.as_str(), "370828003");
        let (grid, distance_m) = far.nearest.unwrap();
        assert_eq!(grid.number(), 2);
        assert!((distance_m - 890_500.0).abs() < 1_000.0, "{distance_m}");
    }

    #[test]
    fn where_nothing_is_known_nothing_is_said() {
        assert_eq!(at(10.0, 0.5, "2019-06-01"), None);
        let empty = BoundaryMap::new(Vec::new(), &[]).unwrap();
        assert_eq!(empty.locate(Wgs84::new(1.0, 1.0).unwrap(), date("2022-01-01")), Ok(None));
    }

    #[test]
    fn near_a_boundary_depends_on_how_well_the_place_is_known() {
        let located = at(0.9999, 0.5, "2022-06-01").unwrap();
        let distance = located.boundary_m.unwrap();
        assert!((distance - 11.13).abs() < 0.1, "{distance}");
        assert!(located.near_boundary(12.0) && !located.near_boundary(10.0));
        let outside = at(2.0001, 0.5, "2022-06-01").unwrap();
        assert!(outside.near_boundary(12.0) && !outside.near_boundary(10.0));
    }
}

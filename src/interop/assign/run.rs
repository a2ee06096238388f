//! From a file of points to a file of answers, in the order of the points and in bounded memory.
//!
//! Blocks are read while those before them are understood, looked up and put into the form of the output, on all
//! threads of the pool this runs in. Never here: what a file looks like.

use std::io::Write;
use std::time::Duration;

use nix::time::{ClockId, clock_gettime};
use rayon::prelude::*;

use super::assigned::{Answers, Output, OutputFormat, Shape};
use super::point_file::{Block, PointFile, RawBlock};
use super::refusal::{Fault, MOST_LISTED, Refusal, Spot};
use crate::kernel::geometry::{FaceId, GridIndex};
use crate::message;

/// Blocks per thread that are worked on at a time.
const BLOCKS: usize = 2;

/// What there is to know of an assignment afterwards.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Points read.
    pub points: u64,
    /// Those of them that a grid owns.
    pub assigned: u64,
    /// Processor time of finding the grids alone, over all threads.
    pub lookup: Duration,
}

/// Told how far an assignment is; it stops when told so.
pub trait Progress: Sync {
    /// Everything up to here, in the unit of [`PointFile::length`], is done.
    fn at(&self, position: u64);
    /// Whether to stop.
    fn is_cancelled(&self) -> bool;
}

/// Assigns every point to its grid; a face's number is the place of its name in `labels`.
///
/// # Errors
/// When a file cannot be read or written, a row is no point, or somebody wanted it to stop. What was written by then
/// is of no use.
pub fn assign(
    index: &GridIndex,
    labels: &[String],
    mut points: PointFile,
    names: (&str, &str),
    (format, out): (OutputFormat, impl Write + Send),
    progress: &dyn Progress,
) -> Result<Tally, Refusal> {
    let (input_name, output_name) = names;
    let unwritable = |error| Refusal::because(output_name, message!("无法写入", "cannot be written"), error);
    let shape = Shape::new(labels, points.id_heading(), points.id_type(), format);
    let mut output = Output::begin(&shape, out).map_err(unwritable)?;
    let mut tally = Tally::default();
    let count = BLOCKS * rayon::current_num_threads();
    let mut blocks = points.next_blocks(count)?;
    while !blocks.is_empty() {
        if progress.is_cancelled() {
            return Err(Refusal::whole(input_name, message!("已中断", "interrupted")));
        }
        let position = points.position();
        let (next, done) = rayon::join(
            || points.next_blocks(count),
            || round(index, |a| shape.piece(a), &blocks, &mut tally),
        );
        for piece in done.map_err(|faults| refuse(input_name, faults))? {
            output
                .write(&piece.map_err(|error| unwritable(std::io::Error::other(error)))?)
                .map_err(unwritable)?;
        }
        progress.at(position);
        blocks = next?;
    }
    output.finish().map_err(unwritable)?;
    Ok(tally)
}

/// Answers blocks that follow those of the tally, each in the form that `write` gives it, or says what is wrong with their
/// rows.
pub(super) fn round<P: Send>(
    index: &GridIndex,
    write: impl Fn(&Answers<'_>) -> P + Send + Sync,
    blocks: &[RawBlock],
    tally: &mut Tally,
) -> Result<Vec<P>, Vec<Fault>> {
    let answered: Vec<_> = blocks
        .par_iter()
        .map(|raw| {
            let block = raw.understand();
            let (owners, lookup) = look_up(index, &block);
            (block, owners, lookup)
        })
        .collect();
    let mut faults = Vec::new();
    let mut answers = Vec::with_capacity(answered.len());
    for (raw, (block, owners, lookup)) in blocks.iter().zip(&answered) {
        let before = tally.points;
        tally.points += block.rows;
        tally.assigned += owners.iter().filter(|owner| owner.is_some()).count() as u64;
        tally.lookup += *lookup;
        for fault in &block.faults {
            if let Spot::Row(row) = fault.spot {
                faults.push(Fault { spot: Spot::Row(before + row), reason: fault.reason.clone() });
            }
        }
        answers.push(Answers { raw, block, owners, first_row: before + 1 });
    }
    if faults.is_empty() { Ok(answers.par_iter().map(write).collect()) } else { Err(faults) }
}

fn look_up(index: &GridIndex, block: &Block) -> (Vec<Option<FaceId>>, Duration) {
    let mut owners = vec![None; block.places.len()];
    let start = thread_time();
    index.locate_into(&block.places, &mut owners);
    (owners, thread_time().saturating_sub(start))
}

/// How long this thread has had a processor.
fn thread_time() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).map_or(Duration::ZERO, Duration::from)
}

/// Rows after those of the faults have not been looked at: how many faults there are in all nobody knows.
pub(super) fn refuse(file: &str, faults: Vec<Fault>) -> Refusal {
    let count = faults.len();
    let summary = if count > MOST_LISTED {
        message!("至少 {count} 行有误，未写入任何内容", "at least {count} bad rows; nothing was written")
    } else {
        message!(
            "有误的行如上（其后未再检查），未写入任何内容",
            "bad rows, as listed (none were read after them); nothing was written"
        )
    };
    Refusal::listing(file, faults, summary)
}

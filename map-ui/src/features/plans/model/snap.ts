/** Pulling a drawn place onto roads and ditches, and following one of them between two places on it. */
import { distance, nearestOnSegment, type Place } from './geometry';

export type Line = readonly Place[];

/** A place on a line. */
export interface OnLine {
  place: Place;
  line: Line;
  /** The number of the segment it is on. */
  segment: number;
}

/** The place on any of the lines nearest to `at`, if one is within `metres`; the line's own vertices win if as near. */
export function onLines(at: Place, lines: readonly Line[], metres: number): OnLine | null {
  let best: (OnLine & { away: number }) | null = null;
  for (const line of lines) {
    for (let segment = 0; segment + 1 < line.length; segment++) {
      const [a, b] = [line[segment]!, line[segment + 1]!];
      const near = nearestOnSegment(at, a, b);
      const end = [a, b].find((end) => distance(end, at) <= metres / 2);
      const place = end ?? near;
      const away = distance(at, near);
      if (away <= metres && (best === null || away < best.away)) best = { place, line, segment, away };
    }
  }
  return best && { place: best.place, line: best.line, segment: best.segment };
}

/** The places between two places on one line, in the order of the way from the first to the second. */
export function between(from: OnLine, to: OnLine): Place[] {
  if (from.line !== to.line) return [];
  if (from.segment <= to.segment) return from.line.slice(from.segment + 1, to.segment + 1);
  return from.line.slice(to.segment + 1, from.segment + 1).toReversed();
}

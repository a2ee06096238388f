/** Where on the way to the next stop a walker is, and what there is to do next. */
import type { LineString, Position } from 'geojson';
import type { LonLat } from '$lib/api/types';
import { metresBetween } from '$lib/map/circle';

/** A fix so far beside the way says that the walker has left it. Metres. */
const OFF_M = 40;

export interface Guidance {
  /** The step to come. */
  step: number;
  /** How far it is until then, in metres. */
  inM: number;
  /** How far beside the way the walker is, in metres; 0 while on it as far as the device can tell. */
  besideM: number;
}

/** How far along a line the point nearest to a position is, and how far beside it the position. */
function along(line: Position[], at: LonLat): { doneM: number; besideM: number; allM: number } {
  let [doneM, besideM, allM] = [0, Infinity, 0];
  for (let i = 1; i < line.length; i += 1) {
    const [a, b] = [line[i - 1] as LonLat, line[i] as LonLat];
    const length = metresBetween(a, b);
    // In degrees, east squeezed as it is on the ground.
    const squeeze = Math.cos((a[1] * Math.PI) / 180);
    const [dx, dy] = [(b[0] - a[0]) * squeeze, b[1] - a[1]];
    const [px, py] = [(at[0] - a[0]) * squeeze, at[1] - a[1]];
    const squared = dx * dx + dy * dy;
    const share = squared === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / squared));
    const beside = metresBetween([a[0] + (b[0] - a[0]) * share, a[1] + dy * share], at);
    if (beside < besideM) [besideM, doneM] = [beside, allM + length * share];
    allM += length;
  }
  return { doneM, besideM, allM };
}

/**
 * The step to come for somebody at `at` on a leg whose steps are so many metres apart. The steps' lengths and the line's
 * may differ by what lies off the roads, so the share of the way counts.
 */
export function guide(leg: LineString, lengths: readonly number[], at: LonLat, accuracyM: number): Guidance {
  const { doneM, besideM, allM } = along(leg.coordinates, at);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const done = allM === 0 ? 0 : (doneM / allM) * total;
  let [step, begins] = [0, 0];
  while (step < lengths.length - 1 && begins <= done) {
    begins += lengths[step] ?? 0;
    step += 1;
  }
  return { step, inM: Math.max(begins - done, 0), besideM: besideM > OFF_M + accuracyM ? besideM : 0 };
}

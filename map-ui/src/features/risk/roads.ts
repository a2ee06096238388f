/** Densities along roads: their classes and the part of the map they are asked for. */
import type { Bbox } from '$lib/api/types';

/** Where each class begins, in weighted events per kilometre of road. */
export const BREAKS_PER_KM = [1, 2, 5, 10, 20, 50, 100, 200] as const;

/** The class of a density, from 0; null below the first. */
export function classOf(perKm: number): number | null {
  const reached = BREAKS_PER_KM.filter((bound) => perKm >= bound).length;
  return reached === 0 ? null : reached - 1;
}

/** What each class holds: from a bound to the next, the last without end. */
export const classLabels: readonly string[] = BREAKS_PER_KM.map((bound, i) => {
  const next = BREAKS_PER_KM[i + 1];
  return next === undefined ? `≥ ${bound}` : `${bound}–${next}`;
});

/** Degrees along a side that the service answers at most. */
const WIDEST = 3;

/** The middle of a box, no wider and no higher than the service answers. */
export function answerable([west, south, east, north]: Bbox): Bbox {
  const side = (from: number, to: number): [number, number] => {
    const [middle, half] = [(from + to) / 2, Math.min((to - from) / 2, WIDEST / 2 - 0.001)];
    return [middle - half, middle + half];
  };
  const [[w, e], [s, n]] = [side(west, east), side(south, north)];
  return [w, s, e, n];
}

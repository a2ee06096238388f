/** The parts of a patrol's line between its stops. */
import type { LineString, Position } from 'geojson';
import type { LonLat } from '$lib/api/types';
import { metresBetween } from '$lib/map/circle';

function nearest(line: Position[], to: LonLat, from: number): number {
  let [best, least] = [from, Infinity];
  for (let i = from; i < line.length; i += 1) {
    const away = metresBetween(line[i] as LonLat, to);
    if (away < least) [best, least] = [i, away];
  }
  return best;
}

/**
 * The way to each stop from the one before it, the first from the start. The line passes the stops in order, so each
 * stop is looked for beyond the one before.
 */
export function legs(line: LineString, stops: readonly LonLat[]): LineString[] {
  const { coordinates } = line;
  let from = 0;
  return stops.map((stop) => {
    const to = nearest(coordinates, stop, from);
    const part = coordinates.slice(from, to + 1);
    from = to;
    return { type: 'LineString', coordinates: [...part, stop] };
  });
}

/**
 * Lengths in metres and areas in square metres on the WGS84 ellipsoid, as the service computes them
 * (`src/kernel/geometry/measure.rs`), and which side of a line a place is on. Here for live figures; the service's
 * predicates are exact and have the last word.
 */

/** Longitude and latitude. */
export type Place = readonly [number, number];
/** West, south, east, north. */
export type Box = [number, number, number, number];

const A = 6_378_137;
const F = 1 / 298.257223563;
const E2 = F * (2 - F);
const E = Math.sqrt(E2);
const RADIANS = Math.PI / 180;

/** The area between the equator and a latitude, per radian of longitude (Snyder 1987, equation 3-12, times a²/2). */
function zone(lat: number): number {
  const s = Math.sin(lat * RADIANS);
  return A * A * 0.5 * (1 - E2) * (s / (1 - E2 * s * s) + Math.atanh(E * s) / E);
}

/** The signed area of a ring given without its closing place, positive when it runs anticlockwise. */
export function ringArea(ring: readonly Place[]): number {
  const origin = ring[0];
  if (!origin) return 0;
  const q0 = zone(origin[1]);
  let sum = 0;
  let [lon, lat] = ring[ring.length - 1]!;
  let q = zone(lat) - q0;
  for (const [nextLon, nextLat] of ring) {
    const nextQ = zone(nextLat) - q0;
    // Simpson's rule along the edge; edges are straight in longitude and latitude.
    const middle = zone((lat + nextLat) / 2) - q0;
    sum += ((q + 4 * middle + nextQ) / 6) * (nextLon - lon) * RADIANS;
    [lon, lat, q] = [nextLon, nextLat, nextQ];
  }
  return -sum;
}

/** Metres per degree of longitude and of latitude around a latitude. */
export function metresPerDegree(lat: number): [number, number] {
  const sin = Math.sin(lat * RADIANS);
  const primeVertical = A / Math.sqrt(1 - E2 * sin * sin);
  const meridian = (primeVertical * (1 - E2)) / (1 - E2 * sin * sin);
  return [primeVertical * Math.cos(lat * RADIANS) * RADIANS, meridian * RADIANS];
}

/** Metres between two places near each other. */
export function distance(a: Place, b: Place): number {
  const [east, north] = metresPerDegree((a[1] + b[1]) / 2);
  return Math.hypot((a[0] - b[0]) * east, (a[1] - b[1]) * north);
}

/** The place of a segment nearest to another place. */
export function nearestOnSegment(p: Place, a: Place, b: Place): Place {
  const [east, north] = metresPerDegree(p[1]);
  const [dx, dy] = [(b[0] - a[0]) * east, (b[1] - a[1]) * north];
  const [px, py] = [(p[0] - a[0]) * east, (p[1] - a[1]) * north];
  const length2 = dx * dx + dy * dy;
  const t = length2 > 0 ? Math.min(Math.max((px * dx + py * dy) / length2, 0), 1) : 0;
  return t >= 1 ? b : [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
}

/** Positive when c lies on the left of the way from a to b. */
export function side(a: Place, b: Place, c: Place): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/** Whether two segments meet anywhere, ends included. */
export function segmentsMeet(a: Place, b: Place, c: Place, d: Place): boolean {
  const [abc, abd, cda, cdb] = [side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b)];
  if (((abc > 0 && abd < 0) || (abc < 0 && abd > 0)) && ((cda > 0 && cdb < 0) || (cda < 0 && cdb > 0))) return true;
  const on = (p: Place, q: Place, r: Place, s: number) =>
    s === 0 && Math.min(p[0], q[0]) <= r[0] && r[0] <= Math.max(p[0], q[0]) && Math.min(p[1], q[1]) <= r[1] && r[1] <= Math.max(p[1], q[1]);
  return on(a, b, c, abc) || on(a, b, d, abd) || on(c, d, a, cda) || on(c, d, b, cdb);
}

/** Whether a place is within rings, by the even-odd rule. */
export function within([x, y]: Place, rings: readonly (readonly Place[])[]): boolean {
  let inside = false;
  for (const ring of rings) {
    let [ax, ay] = ring[ring.length - 1] ?? [0, 0];
    for (const [bx, by] of ring) {
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
      [ax, ay] = [bx, by];
    }
  }
  return inside;
}

export function boxOf(places: Iterable<Place>): Box {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of places) {
    box[0] = Math.min(box[0], x);
    box[1] = Math.min(box[1], y);
    box[2] = Math.max(box[2], x);
    box[3] = Math.max(box[3], y);
  }
  return box;
}

export const boxesMeet = (a: Box, b: Box) => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];

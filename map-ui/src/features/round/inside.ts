import type { LonLat } from '$lib/api/types';

/** Whether a place lies within a line closed to a ring, by the even-odd rule; what is drawn by hand has no exact edge. */
export function inside(ring: readonly LonLat[], [x, y]: LonLat): boolean {
  let within = false;
  let [ax, ay] = ring.at(-1) ?? [0, 0];
  for (const [bx, by] of ring) {
    if (by > y !== ay > y && x < ((ax - bx) * (y - by)) / (ay - by) + bx) within = !within;
    [ax, ay] = [bx, by];
  }
  return within;
}

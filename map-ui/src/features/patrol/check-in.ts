/** Standing at the door: where the phone says that is, and how far from the door that leaves it. */
import type { LonLat } from '$lib/api/types';
import { metresBetween } from '$lib/map/circle';
import { devicePosition, type Fix } from '$lib/map/device';

/** Longer than this nobody stands waiting at a door; the check-in then goes without a position. */
const PATIENCE_MS = 8_000;
/** Doors are drawn, courtyards are wide: this much beyond the fix's own error is still "there". */
const ROOM_M = 50;

export function fixNow(): Promise<Fix | null> {
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE_MS));
  return Promise.race([devicePosition().catch(() => null), late]);
}

export function distanceTo(door: LonLat, fix: Fix): number {
  return metresBetween(fix.at, door);
}

/** True when the phone is so far from the door that its error does not explain it. */
export function isFar(door: LonLat, fix: Fix): boolean {
  return distanceTo(door, fix) > fix.accuracyM + ROOM_M;
}

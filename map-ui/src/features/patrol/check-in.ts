/** Standing at the door: where the phone says that is, and how far from the door that leaves it. */
import type { LonLat } from '$lib/api/types';
import { metresBetween } from '$lib/map/circle';
import { devicePosition, recentFix, type Fix } from '$lib/map/device';

/** Longer than this nobody stands waiting at a door; the check-in then goes without a position. */
const PATIENCE_MS = 8_000;
/** As the service has it: doors are drawn to a few metres, and a phone that is less sure than this knows nothing. */
const AT_THE_DOOR_M = 30;
const WORST_ACCURACY_M = 100;

/** While the device is being followed, a fix of a moment ago is as good as a new one that keeps us waiting. */
const RECENT_MS = 30_000;
const SOON_MS = 1_500;

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export async function fixNow(): Promise<Fix | null> {
  const asked = devicePosition().catch(() => null);
  const soon = await Promise.race([asked, after(SOON_MS)]);
  return soon ?? recentFix(RECENT_MS) ?? Promise.race([asked, after(PATIENCE_MS).then(() => null)]);
}

export function distanceTo(door: LonLat, fix: Fix): number {
  return metresBetween(fix.at, door);
}

/** True when the phone is so far from the door that its error does not explain it: then the service wants to know why. */
export function isFar(door: LonLat, fix: Fix): boolean {
  return distanceTo(door, fix) > AT_THE_DOOR_M + Math.min(fix.accuracyM, WORST_ACCURACY_M);
}

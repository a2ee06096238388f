import { toLocalField } from '$lib/format';

/** A morning's or an afternoon's work, as the service plans it. */
const HOURS = 4;

/** The shift that begins now and ends with the day in China at the latest; the usual one when the day is all but over. */
export function shiftFrom(now: Date): { starts_at?: string; hours?: number } {
  const starts_at = toLocalField(now).slice(11, 16);
  const left = 23 - Number(starts_at.slice(0, 2));
  return left < 1 ? {} : { starts_at, hours: Math.min(HOURS, left) };
}

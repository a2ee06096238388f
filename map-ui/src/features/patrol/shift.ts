import { toLocalField } from '$lib/format';

/** When the service lets a shift begin unless asked otherwise: whoever looks earlier looks ahead to it. */
const MORNING = '08:30';
/** A morning's or an afternoon's work, as the service plans it. */
const HOURS = 4;

/** The shift that begins now and ends with the day in China at the latest; the usual one early and late in the day. */
export function shiftFrom(now: Date): { starts_at?: string; hours?: number } {
  const starts_at = toLocalField(now).slice(11, 16);
  const left = 23 - Number(starts_at.slice(0, 2));
  return starts_at <= MORNING || left < 1 ? {} : { starts_at, hours: Math.min(HOURS, left) };
}

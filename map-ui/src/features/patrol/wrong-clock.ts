import type { KeptStop } from '$lib/api/types';

/** Less is the way of a request, not a clock. */
const WRONG_BY_MS = 60_000;

/** What the walker's phone said the time was, where that was wrong. */
export function wrongClock({ phone_at, happened_at }: Pick<KeptStop, 'phone_at' | 'happened_at'>): string | null {
  if (phone_at === null || happened_at === null) return null;
  return Math.abs(Date.parse(phone_at) - Date.parse(happened_at)) > WRONG_BY_MS ? phone_at : null;
}

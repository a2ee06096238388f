/**
 * The time, by the service's clock: phones are set wrong more often than servers, and a visit "in the future" would be
 * refused. The difference is taken from answers' `Date` header and remembered for when there is no line.
 */
const STORAGE_KEY = 'gridkeeper.clock';
/** `Date` counts whole seconds and an answer takes time: less than this is no difference. */
const TOLERANCE_MS = 60_000;

let aheadMs = remembered();

function remembered(): number {
  try {
    return Number(localStorage.getItem(STORAGE_KEY)) || 0;
  } catch {
    return 0;
  }
}

/** Takes note of the service's time. */
export function hearTime(date: string | null, now: number = Date.now()): void {
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs)) return;
  const difference = Math.abs(theirs - now) > TOLERANCE_MS ? theirs - now : 0;
  if (difference === aheadMs || Math.abs(difference - aheadMs) < TOLERANCE_MS / 2) return;
  aheadMs = difference;
  try {
    localStorage.setItem(STORAGE_KEY, String(difference));
  } catch {
    // Then it is learnt anew after each reload.
  }
}

export function trueNow(now: number = Date.now()): Date {
  return new Date(now + aheadMs);
}

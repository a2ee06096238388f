/** The time, by the service's clock, and what was learnt of the device's since something was noted. See `timekeeper`. */
import { Timekeeper, type Kept, type Stamp } from './timekeeper';

export type { Stamp };

const STORAGE_KEY = 'gridkeeper.clock';
const LOOK_EVERY_MS = 10_000;
/** A time that was heard so long ago says nothing of a clock that may have been set since. */
const FRESH_MS = 120_000;

function remembered(): Partial<Kept> | null {
  try {
    return JSON.parse(localStorage.getItem(STORAGE_KEY) ?? 'null') as Partial<Kept> | null;
  } catch {
    return null;
  }
}

const keeper = new Timekeeper(remembered(), Date.now());
let heardAt = -Infinity;
let onPutRight: (byMs: number) => void = () => undefined;

function look(wall = Date.now()): void {
  const visible = typeof document !== 'undefined' && document.visibilityState === 'visible';
  keeper.look(wall, performance.now(), visible);
}

function keep(): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(keeper.kept));
  } catch {
    // Then it is learnt anew after each reload.
  }
}

if (typeof document !== 'undefined') {
  const glance = () => {
    look();
    keep();
  };
  setInterval(glance, LOOK_EVERY_MS);
  document.addEventListener('visibilitychange', glance);
  window.addEventListener('pagehide', glance);
}

/** Takes note of the service's time. */
export function hearTime(date: string | null, wall: number = Date.now()): void {
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs)) return;
  look(wall);
  heardAt = performance.now();
  const by = keeper.hear(theirs, wall);
  if (by === 0) return;
  keep();
  onPutRight(by);
}

/** Called when the service's time turns out to be another than was thought. */
export function whenPutRight(callback: (byMs: number) => void): void {
  onPutRight = callback;
}

/** Whether the service's time was heard a moment ago. */
export const isHeard = () => performance.now() - heardAt < FRESH_MS;

export function trueNow(wall: number = Date.now()): Date {
  look(wall);
  return new Date(wall + keeper.aheadMs);
}

/** Something that happens now: its time, and what the device's clock says where that is wrong. */
export function happening(): { at: string; phoneAt?: string; stamp: Stamp } {
  const wall = Date.now();
  const at = trueNow(wall).toISOString();
  return { at, ...(keeper.aheadMs !== 0 && { phoneAt: new Date(wall).toISOString() }), stamp: keeper.stamp };
}

export const stampNow = (): Stamp => keeper.stamp;

/** By how much a time that was noted under this stamp is wrong, as far as is known by now. */
export const learntSince = (stamp: Stamp) => keeper.learntSince(stamp);

import { expect, test } from 'vitest';
import { Timekeeper, type Kept } from './timekeeper';

const noon = Date.parse('2022-09-26T12:00:00Z');
const HOUR = 3_600_000;

/** A keeper that has heard the right time at noon, with the count at 0 and the page in sight. */
function rightAtNoon(kept: Partial<Kept> | null = null): Timekeeper {
  const keeper = new Timekeeper(kept, noon);
  keeper.look(noon, 0, true);
  keeper.hear(noon, noon);
  return keeper;
}

test('a clock that is set back takes no time back', () => {
  const keeper = rightAtNoon();
  keeper.look(noon + 10_000 - 3 * HOUR, 10_000, false);
  expect(noon + 10_000 - 3 * HOUR + keeper.aheadMs).toBe(noon + 10_000);
  expect(keeper.hear(noon + 10_000, noon + 10_000 - 3 * HOUR)).toBe(0);
});

test('a clock that is set forward before somebody’s eyes changes nothing', () => {
  const keeper = rightAtNoon();
  keeper.look(noon + 10_000 + 3 * HOUR, 10_000, true);
  expect(noon + 10_000 + 3 * HOUR + keeper.aheadMs).toBe(noon + 10_000);
});

test('a device that slept is believed', () => {
  const keeper = rightAtNoon();
  keeper.look(noon + 1_000, 1_000, false);
  keeper.look(noon + HOUR, 2_000, true);
  expect(keeper.aheadMs).toBe(0);
  expect(keeper.hear(noon + HOUR, noon + HOUR)).toBe(0);
});

test('what was noted after a clock was set forward unseen is put right, and what was noted before stays', () => {
  const keeper = rightAtNoon();
  const before = keeper.stamp;
  keeper.look(noon + 1_000, 1_000, false);
  keeper.look(noon + 600_000 + 3 * HOUR, 2_000, true);
  const after = keeper.stamp;
  // It had slept for ten minutes.
  expect(keeper.hear(noon + 660_000, noon + 660_000 + 3 * HOUR)).toBe(-3 * HOUR);
  expect([keeper.learntSince(before), keeper.learntSince(after), keeper.learntSince(keeper.stamp)]).toEqual([0, -3 * HOUR, 0]);
});

test('a sleep too short to hide it is not taken for it', () => {
  const keeper = rightAtNoon();
  keeper.look(noon + 1_000, 1_000, false);
  keeper.look(noon + 600_000 + 3 * HOUR, 2_000, true);
  const between = keeper.stamp;
  keeper.look(noon + 601_000 + 3 * HOUR, 3_000, false);
  keeper.look(noon + 900_000 + 3 * HOUR, 4_000, true);
  keeper.hear(noon + 900_000, noon + 900_000 + 3 * HOUR);
  expect(keeper.learntSince(between)).toBe(-3 * HOUR);
});

test('a battery that died sets the clock back while the page is closed: time goes on from where it was', () => {
  const { kept } = rightAtNoon();
  const keeper = new Timekeeper(kept, 0);
  expect(0 + keeper.aheadMs).toBe(noon);
  const stamp = keeper.stamp;
  keeper.look(0, 0, true);
  // Two hours had passed meanwhile.
  expect(keeper.hear(noon + 2 * HOUR, 0)).toBe(2 * HOUR);
  expect(keeper.learntSince(stamp)).toBe(2 * HOUR);
});

test('what is kept by an older page is understood', () => {
  expect(new Timekeeper({ aheadMs: -HOUR }, noon).aheadMs).toBe(-HOUR);
});

import { expect, test } from 'vitest';
import { guide } from './guide';

/** A degree of latitude is some 111.2 km: north for 111 m, then east for 91 m. */
const leg = { type: 'LineString' as const, coordinates: [[116.3, 35.07], [116.3, 35.071], [116.301, 35.071]] };
const lengths = [111.2, 91, 0];

test('at the start the first turn is the next thing to do', () => {
  const { step, inM, besideM } = guide(leg, lengths, [116.3, 35.07], 5);
  expect([step, Math.round(inM), besideM]).toEqual([1, 111, 0]);
});

test('past the turn it is the arrival', () => {
  const { step, inM } = guide(leg, lengths, [116.3005, 35.071], 5);
  expect(step).toBe(2);
  expect(inM).toBeGreaterThan(40);
  expect(inM).toBeLessThan(51);
});

test('at the end nothing is left', () => {
  const { step, inM } = guide(leg, lengths, [116.301, 35.071], 5);
  expect([step, Math.round(inM)]).toEqual([2, 0]);
});

test('who has left the way is told, but not for what the device cannot know', () => {
  const away: [number, number] = [116.299, 35.0705];
  expect(guide(leg, lengths, away, 5).besideM).toBeGreaterThan(80);
  expect(guide(leg, lengths, away, 80).besideM).toBe(0);
});

test('a leg that goes nowhere has its one step', () => {
  const here = { type: 'LineString' as const, coordinates: [[116.3, 35.07], [116.3, 35.07]] };
  expect(guide(here, [0], [116.3, 35.07], 5)).toEqual({ step: 0, inM: 0, besideM: 0 });
});

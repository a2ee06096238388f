import { expect, test } from 'vitest';
import { distanceTo, isFar } from './check-in';

// A thousandth of a degree of latitude is 111 metres.
test('within its own error and a courtyard, the phone is at the door', () => {
  expect(isFar([116.3, 35.07], { at: [116.3, 35.0709], accuracyM: 60 })).toBe(false);
  expect(isFar([116.3, 35.07], { at: [116.3, 35.072], accuracyM: 60 })).toBe(true);
});

test('a rough fix may be far off and still be at the door', () => {
  expect(distanceTo([116.3, 35.07], { at: [116.3, 35.072], accuracyM: 500 })).toBeCloseTo(222.4, 0);
  expect(isFar([116.3, 35.07], { at: [116.3, 35.072], accuracyM: 500 })).toBe(false);
});

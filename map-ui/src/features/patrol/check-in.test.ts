import { expect, test } from 'vitest';
import { distanceTo, isFar } from './check-in';

// A thousandth of a degree of latitude is 111 metres.
test('within its own error and a few metres, the phone is at the door', () => {
  expect(isFar([116.3, 35.07], { at: [116.3, 35.0702], accuracyM: 0 })).toBe(false);
  expect(isFar([116.3, 35.07], { at: [116.3, 35.071], accuracyM: 15 })).toBe(true);
  expect(isFar([116.3, 35.07], { at: [116.3, 35.071], accuracyM: 90 })).toBe(false);
});

test('a phone that knows nothing is not believed', () => {
  expect(distanceTo([116.3, 35.07], { at: [116.3, 35.072], accuracyM: 5000 })).toBeCloseTo(222.4, 0);
  expect(isFar([116.3, 35.07], { at: [116.3, 35.072], accuracyM: 5000 })).toBe(true);
});

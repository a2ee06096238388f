import { expect, test } from 'vitest';
import { daysIn, periodBefore } from './periods';

test('the period before is as long and leaves no day out', () => {
  const before = periodBefore({ from: '2026-03-01', to: '2026-03-31' });
  expect(before).toEqual({ from: '2026-01-29', to: '2026-02-28' });
  expect(daysIn(before)).toBe(31);
  expect(periodBefore({ from: '2026-01-01', to: '2026-01-01' })).toEqual({ from: '2025-12-31', to: '2025-12-31' });
});

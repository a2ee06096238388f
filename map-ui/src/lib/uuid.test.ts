import { expect, test } from 'vitest';
import { uuidv7 } from './uuid';

test('carries the time in its first 48 bits, and version and variant where RFC 9562 puts them', () => {
  // The example of RFC 9562, appendix A.6: 2022-02-22T14:22:22.00-05:00.
  const id = uuidv7(1645557742000);
  expect(id).toMatch(/^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('sorts by time', () => {
  expect(uuidv7(1_700_000_000_000) < uuidv7(1_700_000_000_001)).toBe(true);
});

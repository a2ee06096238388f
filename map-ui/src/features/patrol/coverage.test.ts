import { expect, test } from 'vitest';
import { byGrid, percentOf } from './coverage';

const row = (place_code: string, target_kind: 'household' | 'hazard', duties: number, met: number) => ({ place_code, target_kind, duties, met });

test('rows are put together by grid, the one with the least done first', () => {
  const grids = byGrid([row('a', 'household', 10, 9), row('b', 'household', 10, 2), row('a', 'hazard', 2, 0), row('c', 'hazard', 0, 0)]);
  expect(grids.map(({ grid, duties, met }) => [grid, duties, met])).toEqual([['b', 10, 2], ['a', 12, 9]]);
  expect(grids[1]?.kinds).toHaveLength(2);
});

test('only what is whole is said to be', () => {
  expect(percentOf({ duties: 1000, met: 999 })).toBe('99%');
  expect(percentOf({ duties: 3, met: 3 })).toBe('100%');
});

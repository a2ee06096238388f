import { expect, it } from 'vitest';
import { inside } from './inside';

it('tells inside from outside of a hollow shape', () => {
  const horseshoe: [number, number][] = [[0, 0], [6, 0], [6, 6], [4, 6], [4, 2], [2, 2], [2, 6], [0, 6]];
  expect(inside(horseshoe, [1, 5])).toBe(true);
  expect(inside(horseshoe, [5, 5])).toBe(true);
  expect(inside(horseshoe, [3, 5])).toBe(false);
  expect(inside(horseshoe, [3, 1])).toBe(true);
  expect(inside(horseshoe, [7, 1])).toBe(false);
  expect(inside([], [0, 0])).toBe(false);
});

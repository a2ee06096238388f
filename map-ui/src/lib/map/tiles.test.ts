import { expect, test } from 'vitest';
import { tilesCovering } from './tiles';

test('a small box in one tile', () => {
  // Cuikou: as the service's own tiles have it, longitude 116.3, latitude 35.07 at zoom 12.
  expect(tilesCovering([116.3, 35.07, 116.301, 35.071], 12)).toEqual([[3371, 1621]]);
});

test('the world is four tiles at zoom 1', () => {
  expect(tilesCovering([-180, -85, 180, 85], 1)).toHaveLength(4);
});

test('a box over a seam takes the tiles on both sides', () => {
  expect(tilesCovering([-0.01, 10, 0.01, 10.001], 4).map(([x]) => x)).toEqual([7, 8]);
});

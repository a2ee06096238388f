import { expect, test } from 'vitest';
import { labelPoint } from './centre';

test('the label of a U lies in its base, not in the gap where the mean of its corners falls', () => {
  const u = [[0, 0], [10, 0], [10, 10], [8, 10], [8, 4], [2, 4], [2, 10], [0, 10], [0, 0]];
  const [lon, lat] = labelPoint({ type: 'Polygon', coordinates: [u] })!;
  expect(lat).toBeGreaterThan(0);
  expect(lat).toBeLessThan(4);
  expect(lon).toBeGreaterThan(0);
  expect(lon).toBeLessThan(10);
});

test('of several parts the largest is named, and holes are avoided', () => {
  const small = [[[20, 0], [21, 0], [21, 1], [20, 1], [20, 0]]];
  const ring = [[[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]], [[1, 1], [1, 6], [6, 6], [6, 1], [1, 1]]];
  const [lon, lat] = labelPoint({ type: 'MultiPolygon', coordinates: [small, ring] })!;
  expect(lon > 6 || lat > 6).toBe(true);
  expect(lon).toBeLessThan(10);
});

test('a point has no inside', () => {
  expect(labelPoint({ type: 'Point', coordinates: [0, 0] })).toBeNull();
});

import { expect, test } from 'vitest';
import { legs } from './legs';

test('cuts the line at its stops, in order, each leg ending at its door', () => {
  const coordinates = [[0, 0], [0.001, 0], [0.002, 0], [0.002, 0.001], [0.002, 0.002]];
  const [first, second] = legs({ type: 'LineString', coordinates }, [[0.001, 0.0001], [0.0021, 0.002]]);
  expect(first?.coordinates).toEqual([[0, 0], [0.001, 0], [0.001, 0.0001]]);
  expect(second?.coordinates).toEqual([[0.001, 0], [0.002, 0], [0.002, 0.001], [0.002, 0.002], [0.0021, 0.002]]);
});

test('a line that passes the same corner twice is cut beyond the stop before', () => {
  const coordinates = [[0, 0], [0.001, 0], [0, 0], [0, 0.001]];
  const [, second] = legs({ type: 'LineString', coordinates }, [[0.001, 0], [0, 0]]);
  expect(second?.coordinates).toEqual([[0.001, 0], [0, 0], [0, 0]]);
});

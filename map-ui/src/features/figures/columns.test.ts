import { expect, test } from 'vitest';
import type { GridFigures } from '$lib/api/types';
import { sorted } from './columns';

const grid = (grid_code: string, people: number, area_m2: number | null): GridFigures => ({
  grid_code, name: grid_code, households: 0, people, special_care: 0, enterprises: 0, open_hazards: 0, open_reports: 0,
  area_m2, perimeter_m: null, compactness: null,
});
const codes = (items: GridFigures[]) => items.map(({ grid_code }) => grid_code);

test('orders by a figure either way, by code where figures are equal', () => {
  const items = [grid('2', 5, 1), grid('1', 5, 2), grid('3', 9, 3)];
  expect(codes(sorted(items, { by: 'people', descending: true }))).toEqual(['3', '1', '2']);
  expect(codes(sorted(items, { by: 'people', descending: false }))).toEqual(['1', '2', '3']);
});

test('a grid without the figure is last in both directions', () => {
  const items = [grid('1', 1, null), grid('2', 1, 10), grid('3', 1, 20)];
  expect(codes(sorted(items, { by: 'area_m2', descending: false }))).toEqual(['2', '3', '1']);
  expect(codes(sorted(items, { by: 'area_m2', descending: true }))).toEqual(['3', '2', '1']);
});

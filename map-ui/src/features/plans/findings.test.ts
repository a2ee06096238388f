import { expect, test } from 'vitest';
import { findings, readGrids } from './findings';

test('defects come first, then areas by size', () => {
  const found = findings({
    ok: false,
    numbering: [],
    snapped_vertices: 0,
    gaps: [{ area_m2: 1, at: [0, 0], bbox: [0, 0, 1, 1] }],
    outside: [{ codes: ['a'], area_m2: 4, at: [0, 0], bbox: [0, 0, 1, 1] }],
    overlaps: [{ codes: ['a', 'b'], area_m2: 9, at: [0, 0], bbox: [0, 0, 1, 1] }],
    defects: [{ code: 'a', problem: 'crosses itself', at: null }],
  });
  expect(found.map(({ kind }) => kind)).toEqual(['defect', 'overlap', 'outside', 'gap']);
});

test('reads a collection of polygons and nothing else', () => {
  const polygon = { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [] } };
  const point = { type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [0, 0] } };
  const text = (...features: unknown[]) => JSON.stringify({ type: 'FeatureCollection', features });
  expect(readGrids(text(polygon))?.features).toHaveLength(1);
  expect(readGrids(text(polygon, point))).toBeNull();
  expect(readGrids(text())).toBeNull();
  expect(readGrids('编码,名称')).toBeNull();
});

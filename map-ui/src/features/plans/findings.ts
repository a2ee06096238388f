import type { Bbox, CoverageCheck, GridFeatures, LonLat } from '$lib/api/types';

interface Somewhere {
  at: LonLat | null;
  bbox: Bbox | null;
}

/** One thing wrong with a set of boundaries, and where. */
export type Finding = Somewhere & (
  | { kind: 'gap'; areaM2: number }
  | { kind: 'overlap' | 'outside'; areaM2: number; codes: string[] }
  | { kind: 'defect'; code: string; problem: string }
);

const areaOf = (finding: Finding) => ('areaM2' in finding ? finding.areaM2 : Infinity);

/** All that a check found. Defects first, then the largest areas: those are the mistakes, the slivers follow from them. */
export function findings({ gaps, overlaps, outside, defects }: CoverageCheck): Finding[] {
  const found: Finding[] = [
    ...defects.map((defect) => ({ kind: 'defect' as const, ...defect, bbox: null })),
    ...gaps.map(({ area_m2, at, bbox }) => ({ kind: 'gap' as const, areaM2: area_m2, at, bbox })),
    ...overlaps.map(({ area_m2, codes, at, bbox }) => ({ kind: 'overlap' as const, areaM2: area_m2, codes, at, bbox })),
    ...outside.map(({ area_m2, codes, at, bbox }) => ({ kind: 'outside' as const, areaM2: area_m2, codes, at, bbox })),
  ];
  return found.sort((a, b) => (areaOf(a) === areaOf(b) ? 0 : areaOf(b) - areaOf(a)));
}

/** The features of a GeoJSON text, or null when it is not a FeatureCollection of polygons. */
export function readGrids(text: string): GridFeatures | null {
  try {
    const read = JSON.parse(text) as Partial<GridFeatures> | null;
    if (read?.type !== 'FeatureCollection' || !Array.isArray(read.features)) return null;
    const polygons = read.features.every((one) => one.geometry?.type === 'Polygon' || one.geometry?.type === 'MultiPolygon');
    return polygons && read.features.length > 0 ? { type: 'FeatureCollection', features: read.features } : null;
  } catch {
    return null;
  }
}

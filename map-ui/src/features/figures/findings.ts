import type { Bbox, CoverageReport, GridFeatures, LonLat } from '$lib/api/types';

interface Somewhere {
  at: LonLat | null;
  bbox: Bbox | null;
}

/** One thing wrong with a set of boundaries, and where. */
export type Finding = Somewhere & (
  | { kind: 'gap'; areaM2: number }
  | { kind: 'overlap'; areaM2: number; codes: [string, string] }
  | { kind: 'defect'; code: string; problem: string }
);

/** All that a check found, the largest areas first: those are the mistakes, the slivers follow from them. */
export function findings(report: CoverageReport): Finding[] {
  const areas: Finding[] = [
    ...report.gaps.map((gap) => ({ kind: 'gap' as const, areaM2: gap.area_m2, at: gap.at, bbox: gap.bbox })),
    ...report.overlaps.map((overlap) => ({
      kind: 'overlap' as const, areaM2: overlap.area_m2, codes: overlap.codes, at: overlap.at, bbox: overlap.bbox,
    })),
  ];
  areas.sort((a, b) => ('areaM2' in b ? b.areaM2 : 0) - ('areaM2' in a ? a.areaM2 : 0));
  const defects = report.defects.map((defect) => ({ kind: 'defect' as const, ...defect, bbox: null }));
  return [...defects, ...areas];
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

import type { Grid } from '$lib/api/types';
import type { Locale } from '$lib/i18n';

/** A number and nothing else sets such a grid apart: "第1网格", "崔口村第一网格". */
const NUMBERED = /第\s*[\d一二三四五六七八九十百]+\s*网格$/;

/**
 * A grid's name within its village, short enough for a label: "第1网格", "Grid 1". The number is that of the code,
 * which is what people call each other's grids by. A name of its own stays as it is.
 */
export function shortGridName(grid: Pick<Grid, 'code' | 'name'>, locale: Locale): string {
  if (!NUMBERED.test(grid.name)) return grid.name;
  const number = Number(grid.code.slice(12));
  return locale === 'zh' ? `第${number}网格` : `Grid ${number}`;
}

/** The share of duties met, grid by grid. */
import type { DutyCoverage } from '$lib/api/types';

export interface GridCoverage {
  grid: string;
  duties: number;
  met: number;
  kinds: DutyCoverage[];
}

/** The share met, 0 to 1; whole where nothing was due. */
export const shareOf = ({ duties, met }: Pick<DutyCoverage, 'duties' | 'met'>) => (duties === 0 ? 1 : met / duties);

/** A share in hundredths as people read it: only what is whole is said to be. */
export const percentOf = (of: Pick<DutyCoverage, 'duties' | 'met'>) => `${Math.floor(shareOf(of) * 100)}%`;

/** Rows by grid and kind, put together by grid: the grid with the least done first. */
export function byGrid(rows: readonly DutyCoverage[]): GridCoverage[] {
  const grids = new Map<string, GridCoverage>();
  for (const row of rows) {
    const known = grids.get(row.place_code) ?? { grid: row.place_code, duties: 0, met: 0, kinds: [] };
    grids.set(row.place_code, { ...known, duties: known.duties + row.duties, met: known.met + row.met, kinds: [...known.kinds, row] });
  }
  return [...grids.values()].filter(({ duties }) => duties > 0).toSorted((a, b) => shareOf(a) - shareOf(b) || a.grid.localeCompare(b.grid));
}

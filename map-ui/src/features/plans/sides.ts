/** Two plans' figures grid by grid. */
import type { PlanComparison, PlanGridFigures } from '$lib/api/types';

/** One figure before and after. */
export interface Cell {
  before: number;
  after: number;
}

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, n) => all + n, 0);

/** In the order of the table: households, people, care, enterprises, hazards, hours of work. */
const figures: ((of: PlanGridFigures) => number)[] = [
  ({ households }) => households,
  ({ people }) => people,
  ({ special_care }) => special_care,
  ({ enterprises }) => sum(enterprises),
  ({ open_hazards }) => open_hazards,
  ({ duty_hours, walking_hours }) => duty_hours + walking_hours,
];

/** A row for each grid of either plan, in the order of codes; what is not there counts as nothing. */
export function sides({ before, after }: Pick<PlanComparison, 'before' | 'after'>): { code: string; cells: Cell[] }[] {
  const codes = [...new Set([...before, ...after].map(({ code }) => code))].toSorted();
  const of = (list: PlanGridFigures[], code: string, figure: (of: PlanGridFigures) => number) => {
    const grid = list.find((grid) => grid.code === code);
    return grid ? figure(grid) : 0;
  };
  return codes.map((code) => ({
    code,
    cells: figures.map((figure) => ({
      before: of(before as PlanGridFigures[], code, figure),
      after: of(after as PlanGridFigures[], code, figure),
    })),
  }));
}

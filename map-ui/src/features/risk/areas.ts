/** Classes of equal count for a choropleth: how units of one kind differ, whatever the unit of the number. */
export interface Shades {
  classes: { colour: string; from: number; to: number }[];
  colourOf: (value: number | null) => string;
}

/** From pale to dark, told apart by those who see no red or green (ColorBrewer, YlOrBr). */
const COLOURS = ['#fff7bc', '#fee391', '#fec44f', '#ec7014', '#993404'] as const;
const NOTHING = '#eceae3';

/**
 * Quantile classes of the values above zero; fewer than five where there are fewer different values. Zero and what is
 * not known have a colour of their own.
 */
export function shades(values: readonly (number | null)[]): Shades {
  const counted = values.filter((value): value is number => value !== null && value > 0).toSorted((a, b) => a - b);
  const wanted = Math.min(COLOURS.length, new Set(counted).size);
  const bounds = Array.from({ length: wanted }, (_, i) => counted[Math.ceil(((i + 1) * counted.length) / wanted) - 1] ?? 0);
  const tops = bounds.filter((bound, i) => bound !== bounds[i - 1]);
  const colours = COLOURS.slice(COLOURS.length - tops.length);
  let next = 0;
  const classes = tops.map((to, i) => {
    const from = counted[next] ?? to;
    next = counted.findLastIndex((value) => value <= to) + 1;
    return { colour: colours[i] ?? NOTHING, from, to };
  });
  return {
    classes,
    colourOf: (value) => (value === null || value <= 0 ? NOTHING : (classes.find(({ to }) => value <= to)?.colour ?? NOTHING)),
  };
}

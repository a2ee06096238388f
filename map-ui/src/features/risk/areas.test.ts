import { describe, expect, it } from 'vitest';
import { shades } from './areas';

describe('shades', () => {
  it('puts as many units into each class, and nothing into none', () => {
    const { classes, colourOf } = shades([10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, null]);
    expect(classes.map(({ from, to }) => [from, to])).toEqual([[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]]);
    expect(colourOf(4)).toBe(classes[1]?.colour);
    expect(colourOf(10)).toBe(classes[4]?.colour);
    expect(colourOf(0)).toBe(colourOf(null));
    expect(classes.map(({ colour }) => colour)).not.toContain(colourOf(0));
  });

  it('has fewer classes for fewer values, and none for none', () => {
    expect(shades([3, 3, 3]).classes).toHaveLength(1);
    expect(shades([3, 3, 3, 8]).classes.map(({ from, to }) => [from, to])).toEqual([[3, 3], [8, 8]]);
    expect(shades([0, null]).classes).toEqual([]);
  });
});

import { expect, it } from 'vitest';
import { between, onLines, type Line } from './snap';
import type { Place } from './geometry';

const road: Line = [[116, 35], [116.001, 35], [116.002, 35.0005], [116.003, 35.0005]];

it('pulls a place onto a line nearby, and to its vertex if that is near', () => {
  const near = onLines([116.0005, 35.00002], [road], 5)!;
  expect(near.place).toEqual([116.0005, 35]);
  expect(onLines([116.00101, 35.00001], [road], 5)!.place).toEqual([116.001, 35]);
  expect(onLines([116.0005, 35.001], [road], 5)).toBeNull();
});

it('follows the line between two places on it, in both directions', () => {
  const [a, b] = [[116.0005, 35], [116.0025, 35.0005]].map((at) => onLines(at as unknown as Place, [road], 5)!);
  expect(between(a!, b!)).toEqual([road[1], road[2]]);
  expect(between(b!, a!)).toEqual([road[2], road[1]]);
});

import { expect, it } from 'vitest';
import { lines } from './briefing';

/** A typeface in which every letter is as wide as every other. */
const measure = (text: string) => [...text].length;

it('breaks Chinese anywhere and English at spaces', () => {
  expect(lines(measure, '按严重程度加权，每 180 天减半', 6)).toEqual(['按严重程度加', '权，每', '180 天减', '半']);
  expect(lines(measure, 'weighted by severity', 9)).toEqual(['weighted', 'by', 'severity']);
  expect(lines(measure, 'a rate of 5\u00a0%', 11)).toEqual(['a rate of', '5\u00a0%']);
});

it('leaves what fits alone, and lets a long word stick out', () => {
  expect(lines(measure, '风险', 6)).toEqual(['风险']);
  expect(lines(measure, '', 6)).toEqual([]);
  expect(lines(measure, 'incomprehensible', 6)).toEqual(['incomprehensible']);
});

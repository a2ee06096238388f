import { expect, test } from 'vitest';
import { shortGridName } from './names';

test('a numbered grid goes by its number, in either language', () => {
  const grid = { code: '370828003218001', name: '崔口村第一网格' };
  expect(shortGridName(grid, 'zh')).toBe('第1网格');
  expect(shortGridName(grid, 'en')).toBe('Grid 1');
});

test('an exclusive grid keeps the name it was given', () => {
  expect(shortGridName({ code: '370828003218004', name: '崔口小学' }, 'en')).toBe('崔口小学');
});

import { expect, it } from 'vitest';
import { framesOf } from './frames';

it('moves a window of three months over the period', () => {
  expect(framesOf('2026-01-10', '2026-05-20')).toEqual([
    { from: '2026-01-01', to: '2026-03-31' },
    { from: '2026-02-01', to: '2026-04-30' },
    { from: '2026-03-01', to: '2026-05-20' },
  ]);
});

it('shows a short period as one picture, and a backward one as none', () => {
  expect(framesOf('2026-05-01', '2026-05-20')).toEqual([{ from: '2026-03-01', to: '2026-05-20' }]);
  expect(framesOf('2026-06-01', '2026-05-20')).toEqual([]);
});

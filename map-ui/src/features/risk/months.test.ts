import { describe, expect, it } from 'vitest';
import { lastDay, monthsFrom, perMonth, quartersOf, shifted } from './months';

describe('months', () => {
  it('runs over the turn of a year', () => {
    expect(monthsFrom('2025-11', '2026-02')).toEqual(['2025-11', '2025-12', '2026-01', '2026-02']);
    expect(monthsFrom('2026-02', '2026-01')).toEqual([]);
    expect(shifted('2026-01', -1)).toBe('2025-12');
    expect(shifted('2025-12', 3)).toBe('2026-03');
  });

  it('ends a month on its last day, or today', () => {
    expect(lastDay('2024-02', '2026-11-24')).toBe('2024-02-29');
    expect(lastDay('2026-11', '2026-11-24')).toBe('2026-11-24');
  });

  it('counts by the month it was in China, and keeps empty months', () => {
    // 17:00 UTC on the last of January is the first of February in China.
    const counted = perMonth(['2026-01-31T17:00:00Z', '2026-01-31T15:00:00Z', '2026-04-02T00:00:00+08:00']);
    expect(counted).toEqual([
      { month: '2026-01', count: 1 }, { month: '2026-02', count: 1 }, { month: '2026-03', count: 0 }, { month: '2026-04', count: 1 },
    ]);
    expect(perMonth([])).toEqual([]);
  });

  it('gathers months into quarters of the calendar', () => {
    expect(quartersOf(['2025-12-01', '2026-01-01', '2026-02-01', '2026-04-01'])).toEqual([
      { name: '2025 Q4', months: [0] }, { name: '2026 Q1', months: [1, 2] }, { name: '2026 Q2', months: [3] },
    ]);
  });
});

import { expect, test } from 'vitest';
import type { PatrolChange } from '$lib/api/types';
import { words } from '$lib/i18n/words';
import { count, told } from './changes';

const person = (display_name: string) => ({ id: display_name, display_name });
const call = (before: string | null, arrive: string, from: string | null = null) =>
  ({ target_kind: 'hazard', target_id: arrive, label: '', arrive, before, from: from === null ? null : person(from) }) as PatrolChange['calls'][number];
const lost = (to: string | null) =>
  ({ target_kind: 'hazard', target_id: '', label: '', before: '09:00', to: to === null ? null : person(to), reason: null }) as PatrolChange['lost'][number];
const change = (calls: PatrolChange['calls'], losts: PatrolChange['lost'] = []) => ({ calls, lost: losts }) as unknown as PatrolChange;

test('each call counts once, for whoever has it now', () => {
  const patrols = [change([call('09:00', '09:02'), call('10:00', '10:20'), call(null, '11:00')], [lost('乙'), lost(null)]), change([call('09:30', '11:40', '甲')])];
  expect(count(patrols)).toEqual({ given: 1, added: 1, dropped: 1, shifted: 1 });
  expect(told(count(patrols), words.zh)).toBe('1 站换人，新增 1 站，1 站不再安排，1 站时间有变');
  expect(told(count(patrols), words.en)).toBe('1 stop changes hands, 1 new stop, 1 stop is left out, 1 stop at another time');
});

test('a minute or two is no change', () => {
  expect(told(count([change([call('09:00', '09:02'), call('10:00', '09:58')])]), words.zh)).toBe('');
});

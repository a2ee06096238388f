import { expect, test } from 'vitest';
import { words } from '$lib/i18n/words';
import { skipReason } from './reason';

const { zh, en } = words;

test('a chosen reason is in the words of whoever reads it, one that was written stays as it is', () => {
  expect(skipReason('blocked', zh)).toBe('路不通');
  expect(skipReason('blocked', en)).toBe('No way through');
  expect(skipReason('Dog in the yard', zh)).toBe('Dog in the yard');
  expect(skipReason('toString', en)).toBe('toString');
});

import { expect, test } from 'vitest';
import { Problem } from '$lib/api/problem';
import { verdictOf, waitMs } from './verdict';

const answered = (status: number) => new Problem(status, {});

test('no line, a gateway without a service and too many requests are for later, however often', () => {
  for (const status of [0, 429, 502, 503, 504]) expect(verdictOf(answered(status), 99)).toBe('later');
});

test('an ended session asks for a sign-in and loses nothing', () => {
  expect(verdictOf(answered(401), 0)).toBe('sign-in');
});

test('what the service will not have is for the person to decide', () => {
  for (const status of [400, 403, 404, 409, 412, 413, 422]) expect(verdictOf(answered(status), 0)).toBe('refused');
});

test('a fault of the service is tried again a few times, then stops holding up the rest', () => {
  expect(verdictOf(answered(500), 0)).toBe('later');
  expect(verdictOf(answered(500), 4)).toBe('refused');
});

test('waits twice as long each time, up to a minute', () => {
  expect([1, 2, 3, 9].map(waitMs)).toEqual([3_000, 6_000, 12_000, 60_000]);
});

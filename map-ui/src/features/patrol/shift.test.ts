import { expect, test } from 'vitest';
import { shiftFrom } from './shift';

test('begins now, in China', () => {
  expect(shiftFrom(new Date('2022-09-26T06:05:00Z'))).toEqual({ starts_at: '14:05', hours: 4 });
});

test('ends with the day', () => {
  expect(shiftFrom(new Date('2022-09-26T13:30:00Z'))).toEqual({ starts_at: '21:30', hours: 2 });
  expect(shiftFrom(new Date('2022-09-26T15:30:00Z'))).toEqual({});
});

test('before the morning shift, it is the morning shift', () => {
  expect(shiftFrom(new Date('2022-09-25T23:10:00Z'))).toEqual({});
});

import { expect, test } from 'vitest';
import { ago, date, dateTime, daysBefore, fromLocalField, today, toLocalField } from './time';

test('shows instants in China Standard Time, whatever the machine', () => {
  expect(dateTime('2022-09-26T16:30:00Z', 'zh')).toBe('2022/9/27 00:30');
  expect(dateTime('2022-09-26T16:30:00Z', 'en')).toBe('27 Sept 2022, 00:30');
});

test('keeps a calendar date on its day', () => {
  expect(date('2022-01-01', 'zh')).toBe('2022/1/1');
});

test('a form field and the instant it stands for are each other’s inverse', () => {
  const field = toLocalField(new Date('2022-09-26T16:30:00Z'));
  expect(field).toBe('2022-09-27T00:30');
  expect(fromLocalField(field)).toBe('2022-09-27T00:30:00+08:00');
});

test('the day turns at midnight in China', () => {
  expect(today(new Date('2022-09-26T15:59:59Z'))).toBe('2022-09-26');
  expect(today(new Date('2022-09-26T16:00:00Z'))).toBe('2022-09-27');
});

test('counts days back across a leap day', () => {
  expect(daysBefore('2024-03-01', 1)).toBe('2024-02-29');
});

test('says how long ago within a day, and the date beyond', () => {
  const now = Date.parse('2022-09-26T12:00:00Z');
  expect(ago('2022-09-26T11:57:00Z', 'zh', now)).toBe('3分钟前');
  expect(ago('2022-09-26T10:00:00Z', 'en', now)).toBe('2 hours ago');
  expect(ago('2022-09-20T10:00:00Z', 'zh', now)).toBe('2022/9/20');
});

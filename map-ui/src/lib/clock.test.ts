import { expect, test } from 'vitest';
import { hearTime, trueNow } from './clock';

const noon = Date.parse('2022-09-26T12:00:00Z');

test('a phone that runs an hour ahead is set right', () => {
  hearTime('Mon, 26 Sep 2022 11:00:00 GMT', noon);
  expect(trueNow(noon + 5_000).toISOString()).toBe('2022-09-26T11:00:05.000Z');
});

test('once the phone is right again, so is the time', () => {
  hearTime('Mon, 26 Sep 2022 11:00:00 GMT', noon);
  hearTime('Mon, 26 Sep 2022 12:00:20 GMT', noon);
  expect(trueNow(noon).getTime()).toBe(noon);
});

test('an answer without a date changes nothing', () => {
  hearTime('Mon, 26 Sep 2022 11:00:00 GMT', noon);
  hearTime(null, noon);
  expect(trueNow(noon).getTime()).toBe(noon - 3_600_000);
});

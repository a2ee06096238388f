/** Dates and times for people. The service speaks RFC 3339; people here live by China Standard Time. */
import type { Locale } from '$lib/i18n';

const TIME_ZONE = 'Asia/Shanghai';
/** China Standard Time has had no daylight saving since 1992, so the offset is a constant. */
const OFFSET = '+08:00';

const tags: Record<Locale, string> = { zh: 'zh-CN', en: 'en-GB' };

export function dateTime(rfc3339: string, locale: Locale): string {
  return new Intl.DateTimeFormat(tags[locale], {
    timeZone: TIME_ZONE, year: 'numeric', month: locale === 'zh' ? 'numeric' : 'short', day: 'numeric',
    hour: '2-digit', minute: '2-digit', hour12: false,
  }).format(new Date(rfc3339));
}

/** The time of day of an instant. */
export function time(rfc3339: string, locale: Locale): string {
  return new Intl.DateTimeFormat(tags[locale], { timeZone: TIME_ZONE, hour: '2-digit', minute: '2-digit', hour12: false }).format(new Date(rfc3339));
}

/** A calendar date such as `2022-07-01`, or the date of an instant. */
export function date(text: string, locale: Locale): string {
  const instant = text.length === 10 ? new Date(`${text}T12:00:00${OFFSET}`) : new Date(text);
  return new Intl.DateTimeFormat(tags[locale], {
    timeZone: TIME_ZONE, year: 'numeric', month: locale === 'zh' ? 'numeric' : 'short', day: 'numeric',
  }).format(instant);
}

/** "3 分钟前" for the last day, the date before that. */
export function ago(rfc3339: string, locale: Locale, now: number = Date.now()): string {
  const seconds = Math.round((now - Date.parse(rfc3339)) / 1000);
  if (seconds < 45) return locale === 'zh' ? '刚刚' : 'just now';
  const relative = new Intl.RelativeTimeFormat(tags[locale], { numeric: 'always' });
  if (seconds < 3600) return relative.format(-Math.max(1, Math.round(seconds / 60)), 'minute');
  if (seconds < 86_400) return relative.format(-Math.round(seconds / 3600), 'hour');
  return date(rfc3339, locale);
}

/** The value of a `datetime-local` field for an instant, in China Standard Time. */
export function toLocalField(instant: Date): string {
  return new Date(instant.getTime() + 8 * 3_600_000).toISOString().slice(0, 16);
}

/** The instant a `datetime-local` field means, as RFC 3339 with the offset spelt out. */
export function fromLocalField(value: string): string {
  return `${value.length === 16 ? `${value}:00` : value}${OFFSET}`;
}

/** Today's date in China, as `YYYY-MM-DD`. */
export function today(now: Date = new Date()): string {
  return toLocalField(now).slice(0, 10);
}

/** `days` before a date, as `YYYY-MM-DD`. */
export function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}

/** The days of a week as it is counted in China: from Monday. */
import { daysBefore } from '$lib/format';
import type { Locale } from '$lib/i18n';

export function weekOf(day: string): string[] {
  const fromMonday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  return Array.from({ length: 7 }, (_, i) => daysBefore(day, fromMonday - i));
}

export function dayName(day: string, locale: Locale): string {
  return new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-GB', { weekday: 'short', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
}

/** What the numbers of a surface are told in. */
import type { DensityLegend } from '$lib/api/types';
import type { Locale, Words } from '$lib/i18n';

/** The unit of a surface in words. */
export function unitWords(unit: string, t: Words): string {
  const units: Record<string, string> = {
    'events/km²': t.risk.unit, 'events/enterprise': t.risk.perEnterprise, 'events/household': t.risk.perHousehold,
  };
  return units[unit] ?? unit;
}

/** The words for each class of a legend whose heading names the unit: it need not be in every line. */
export function boundWords({ unit, labels }: Pick<DensityLegend, 'unit' | 'labels'>, locale: Locale, t: Words): string[] {
  const words = ` ${unitWords(unit, t)}`;
  return labels[locale].map((label) => (label.endsWith(words) ? label.slice(0, -words.length) : label));
}

/** What events are compared with, and how many of it there are; nothing where they are not. */
export function comparedWords({ unit, compared }: Pick<DensityLegend, 'unit' | 'compared'>, t: Words): string {
  if (compared === null || compared === undefined) return '';
  if (unit === 'events/enterprise') return t.risk.comparedEnterprises(compared);
  if (unit === 'events/household') return t.risk.comparedHouseholds(compared);
  return t.risk.comparedBefore(compared);
}

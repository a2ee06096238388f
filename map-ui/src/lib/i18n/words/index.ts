import type { Locale } from '../bilingual';
import { exporting, ownAccount } from './account';
import { duties } from './duties';
import { filters, layers, places, search } from './map';
import { offline } from './offline';
import { patrol } from './patrol';
import { ranking } from './ranking';
import { plans } from './plans';
import { replan } from './replan';
import { risk } from './risk';
import { feed, filing, report } from './reports';
import { round } from './round';
import { app, problems, shell, signin } from './shell';
import { terms } from './terms';
import { accounts, boundaries, figures } from './work';

const features = {
  app, shell, signin, problems, terms, layers, filters, search, places, feed, filing, report, patrol, risk, figures,
  ranking, replan, round, duties, boundaries, plans, accounts, ownAccount, exporting, offline,
};

type Features = typeof features;

/** Every word of the page in one language. */
export type Words = { [Feature in keyof Features]: Features[Feature]['zh'] };

function speak(locale: Locale): Words {
  return Object.fromEntries(Object.entries(features).map(([name, both]) => [name, both[locale]])) as Words;
}

export const words: Record<Locale, Words> = { zh: speak('zh'), en: speak('en') };

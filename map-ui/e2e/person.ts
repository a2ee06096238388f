/** Somebody at a browser: opens the page, enters a role, and is watched for what must never happen. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test as base, type Browser, type BrowserContextOptions, type Page } from '@playwright/test';

export const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;
export type Size = keyof typeof sizes;

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export function origin(): string {
  const url = process.env['GRIDKEEPER_URL'];
  if (!url) throw new Error('GRIDKEEPER_URL is not set; see service.ts');
  return url.replace(/\/$/, '');
}

export class Person {
  readonly #faults: string[] = [];
  #tolerated: RegExp | null = null;

  private constructor(readonly page: Page, readonly home: string) {
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(`${home}/`) && !/^(blob|data):/.test(url)) this.#faults.push(`left the origin: ${url}`);
    });
    page.on('console', (message) => {
      // Asking who is signed in is answered 401 when nobody is; the browser logs that answer by itself.
      const { url } = message.location();
      const expected = url.endsWith('/api/v1/session') || (this.#tolerated?.test(url) ?? false);
      if (message.type() === 'error' && !expected) this.#faults.push(`console: ${message.text()} ${url}`);
    });
    page.on('pageerror', (error) => this.#faults.push(`uncaught: ${error.message}`));
  }

  /** `home` is where they find the service, when it is not at its own address. */
  static async at(browser: Browser, size: Size, more: BrowserContextOptions = {}, home: string = origin()): Promise<Person> {
    const context = await browser.newContext({
      viewport: sizes[size], hasTouch: size === 'phone', reducedMotion: 'reduce', locale: 'zh-CN', ...more,
    });
    return new Person(await context.newPage(), home);
  }

  /** From now on, requests to these addresses may fail: this story is about how they do. */
  expectFailures(urls: RegExp): void {
    this.#tolerated = urls;
  }

  /** Comes in by the front door: the demonstration's role card whose text matches. */
  async enter(card: RegExp): Promise<void> {
    await this.page.goto(this.home);
    await this.page.getByRole('button', { name: card }).first().click();
    await this.mapIsDrawn();
  }

  /** Asks the service for JSON with this person's cookie, past the page. */
  async ask<Answer>(path: string, at: string = origin()): Promise<Answer> {
    const answer = await this.page.request.get(`${at}/api/v1/${path}`);
    expect(answer.status()).toBe(200);
    return (await answer.json()) as Answer;
  }

  /** Waits until the map has its style and has asked for tiles. */
  async mapIsDrawn(): Promise<void> {
    await expect(this.page.locator('canvas.maplibregl-canvas')).toBeVisible();
    await this.page.waitForLoadState('load');
  }

  /** No violation of WCAG 2.2 A and AA that axe can find, on what is shown now. */
  async screenIsAccessible(): Promise<void> {
    await this.page.evaluate(axeSource);
    const violations = await this.page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
      const { violations: found } = await axe.run(document, { runOnly: tags, resultTypes: ['violations'] });
      return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
    });
    expect(violations).toEqual([]);
  }

  /** Nothing ran off the side, nothing left the origin, nothing was logged as an error. */
  async leave(): Promise<void> {
    expect(this.#faults).toEqual([]);
    await this.page.context().close();
  }
}

export const test = base;
export { expect };

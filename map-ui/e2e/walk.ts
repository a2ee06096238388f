/** A grid member on today's patrol: what they tap, and what the service has of it. */
import { expect, origin, type Person } from './person';

export interface Visit { id: string; target_kind: string; target_id: string; result: string; note: string | null; visited_at: string }

/** A phone that hardly knows its place: no door is within what it can be believed. */
export const ROUGH_FIX = { permissions: ['geolocation'], geolocation: { longitude: 116.31, latitude: 35.09, accuracy: 5000 } };

export class Walk {
  constructor(readonly person: Person, readonly grid: string) {}

  /** Opens today's patrol and waits until everything for the way is on the phone. */
  async prepare(): Promise<void> {
    const { page } = this.person;
    await page.getByRole('button', { name: '巡查', exact: true }).click();
    await expect(page.getByText(/已存本机，可离线使用/)).toBeVisible();
    await page.getByRole('button', { name: '展开面板' }).click();
    const start = page.getByRole('button', { name: '开始巡查' });
    const checkIn = page.getByRole('button', { name: '到达打卡' });
    await expect(start.or(checkIn)).toBeVisible();
    // Somebody may have been out in this grid today already.
    if (await start.isVisible()) await start.click();
    await expect(checkIn).toBeVisible();
    await expect.poll(() => this.#status()).toBe('under_way');
  }

  /** How far the service believes today's patrol has come. */
  async #status(): Promise<string | undefined> {
    const answer = await this.person.page.request.get(`${origin()}/api/v1/patrols?place=${this.grid}&limit=1`);
    return ((await answer.json()) as { items: { status: string }[] }).items[0]?.status;
  }

  /** How many stops are done and how many there are. */
  async progress(): Promise<[done: number, all: number]> {
    const text = await this.person.page.getByText(/^已完成 \d+ \/ \d+$/).innerText();
    const [, done, all] = /(\d+) \/ (\d+)/.exec(text)!;
    return [Number(done), Number(all)];
  }

  /** Checks in at the next stop and records how it went. */
  async call(result = '已走访'): Promise<void> {
    const { page } = this.person;
    const [done, all] = await this.progress();
    await page.getByRole('button', { name: '到达打卡' }).click();
    await page.getByRole('button', { name: '位置不准' }).click();
    await page.getByRole('group', { name: '走访结果' }).getByRole('button', { name: result }).click();
    await expect(page.getByText(`已完成 ${done + 1} / ${all}`)).toBeVisible();
  }

  /** The visits that the service has of this grid since a time, asked past any weak line. */
  async visitsSince(start: Date): Promise<Visit[]> {
    const answer = await this.person.page.request.get(`${origin()}/api/v1/visits?grid=${this.grid}&from=${start.toISOString()}&limit=500`);
    expect(answer.status()).toBe(200);
    return ((await answer.json()) as { items: Visit[] }).items;
  }

  /** Waits until the service has so many visits of this grid since a time. */
  async arrived(count: number, start: Date): Promise<Visit[]> {
    await expect.poll(async () => (await this.visitsSince(start)).length, { timeout: 90_000 }).toBe(count);
    return this.visitsSince(start);
  }

  /** Waits until the page says that nothing is left to be sent. */
  async allSent(): Promise<void> {
    await expect(this.person.page.getByText(/(无网络|正在发送|需要您处理)/)).toHaveCount(0, { timeout: 90_000 });
  }
}

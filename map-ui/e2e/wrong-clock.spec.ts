/** Story: the phone's clock is set wrong on the way. Nothing is lost, times are right, and whoever reads them sees that they were put right. */
import { expect, Person, test } from './person';
import { ROUGH_FIX, Walk, type Visit } from './walk';

const FAILURES = /\/(api|tiles)\/|\/icon|\/$|\/patrol|\/sw\.js|\/assets\//;
const HOUR = 3_600_000;

type Timed = Visit & { phone_at: string | null };

test('a clock that is set forward, and back to another year by an empty battery, makes no record wrong', async ({ browser }) => {
  const member = await Person.at(browser, 'phone', ROUGH_FIX);
  member.expectFailures(FAILURES);
  const { page } = member;
  // The phone's clock, wrong by what the story says; what nobody can set, the browser's count of milliseconds, goes on.
  await page.addInitScript(() => {
    const Real = Date;
    const wrongBy = () => Number(localStorage.getItem('test.clock-wrong-by') ?? 0);
    globalThis.Date = class extends Real {
      constructor(...given: unknown[]) {
        if (given.length === 0) super(Real.now() + wrongBy());
        else super(...(given as [number]));
      }
      static override now() {
        return Real.now() + wrongBy();
      }
    } as DateConstructor;
  });
  const setClock = (by: number) => page.evaluate((ms) => localStorage.setItem('test.clock-wrong-by', String(ms)), by);
  await member.enter(/进入：第3网格/);
  const walk = new Walk(member, '370828003218003');
  await walk.prepare();
  const left = new Date();
  await page.context().setOffline(true);
  await expect(page.getByText('无网络，显示的是本机资料')).toBeVisible();

  await walk.call();
  await setClock(3 * HOUR);
  await walk.call();
  // The battery is empty; the phone wakes up seven years ago, and still has no signal.
  await setClock(-7 * 365 * 24 * HOUR);
  await page.reload({ waitUntil: 'commit' });
  await page.getByRole('button', { name: '展开面板' }).click();
  await walk.call();
  await page.getByRole('button', { name: '查看', exact: true }).click();
  const queue = page.getByRole('dialog', { name: '待发送记录' });
  await expect(queue.getByText(/手机时钟显示 .*，已校正/)).toHaveCount(4);
  await member.screenIsAccessible();
  await page.keyboard.press('Escape');
  await page.context().setOffline(false);

  const visits = (await walk.arrived(3, left)) as Timed[];
  await walk.allSent();
  const back = new Date();
  for (const { visited_at } of visits) {
    expect(Date.parse(visited_at)).toBeGreaterThanOrEqual(left.getTime() - 1_000);
    expect(Date.parse(visited_at)).toBeLessThanOrEqual(back.getTime());
  }
  const inOrder = visits.toSorted((a, b) => a.visited_at.localeCompare(b.visited_at));
  expect(inOrder.map(({ phone_at }) => phone_at === null)).toEqual([true, false, false]);
  expect(new Date(inOrder[2]!.phone_at!).getFullYear()).toBeLessThan(left.getFullYear() - 5);
  await member.leave();

  const chief = await Person.at(browser, 'desktop');
  await chief.enter(/进入：网格长/);
  await chief.page.getByRole('button', { name: '巡查', exact: true }).click();
  await chief.page.getByRole('button', { name: /第3网格.*进行中/ }).click();
  await expect(chief.page.getByText(/手机时钟显示 .*，已校正/)).toHaveCount(2);
  await chief.screenIsAccessible();
  await chief.leave();
});

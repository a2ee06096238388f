/** Story: a day where the signal is bad. Whatever was done is there in the end, once, with its true time. */
import { expect, origin, Person, test } from './person';
import { ROUGH_FIX, Walk, type Visit } from './walk';
import { WeakLine } from './weak-line';

const FAILURES = /\/(api|tiles)\/|\/icon|\/$|\/patrol|\/sw\.js|\/assets\//;
const distinct = (visits: { target_kind: string; target_id: string }[]) => new Set(visits.map((visit) => `${visit.target_kind}:${visit.target_id}`)).size;

test('a whole patrol without a signal, with a reload in the middle', async ({ browser }) => {
  const member = await Person.at(browser, 'phone', ROUGH_FIX);
  member.expectFailures(FAILURES);
  const { page } = member;
  await member.enter(/进入：第2网格/);
  const walk = new Walk(member, '370828003218002');
  await walk.prepare();
  const [, all] = await walk.progress();
  const left = new Date();
  await page.context().setOffline(true);
  await expect(page.getByText('无网络，显示的是本机资料')).toBeVisible();

  await walk.call();
  await walk.call('家中无人');
  // A check-in and a visit each.
  await expect(page.getByText('无网络，4 条记录已存本机')).toBeVisible();
  await member.screenIsAccessible();

  // The card of whoever is next, and the map around, are on the phone.
  await page.getByRole('button', { name: '查看资料' }).first().click();
  await expect(page.getByRole('heading', { name: /^(户|企业|隐患点)$/ })).toBeVisible();
  await expect(page.getByRole('button', { name: '在此上报' })).toBeVisible();
  await page.getByRole('button', { name: '返回', exact: true }).click();

  const words = `沟边护栏断了 ${Date.now()}`;
  await page.getByRole('button', { name: '上报隐患' }).click();
  await page.getByLabel('情况说明').fill(words);
  await page.getByLabel('添加照片').setInputFiles('public/icon-192.png');
  await page.getByRole('button', { name: '提交上报' }).click();
  await expect(page.getByText('可以关闭页面或继续其他工作，不会丢失。')).toBeVisible();
  await page.getByRole('button', { name: '关闭', exact: true }).first().click();

  await page.reload({ waitUntil: 'commit' });
  await expect(page.getByText(`已完成 2 / ${all}`)).toBeVisible();
  await expect(page.getByText('无网络，5 条记录已存本机')).toBeVisible();
  await page.getByRole('button', { name: '展开面板' }).click();
  for (let done = 2; done < all; done += 1) await walk.call();
  await expect(page.getByText('今天的巡查已全部完成')).toBeVisible();
  expect(await walk.visitsSince(left)).toHaveLength(0);

  await page.getByRole('button', { name: '查看', exact: true }).click();
  await expect(page.getByText('等待发送')).toHaveCount(2 * all + 1);
  await member.screenIsAccessible();
  await page.keyboard.press('Escape');

  const back = new Date();
  await page.context().setOffline(false);
  await walk.arrived(all, left);
  await walk.allSent();
  await page.reload();
  await walk.allSent();
  const visits = await walk.visitsSince(left);
  expect(visits).toHaveLength(all);
  expect(distinct(visits)).toBe(all);
  expect(visits.filter(({ result }) => result === 'nobody_home')).toHaveLength(1);
  for (const { visited_at } of visits) expect(new Date(visited_at).getTime()).toBeLessThan(back.getTime());
  // In the order in which they were made: ids made on the phone sort by time.
  const byTime = visits.toSorted((a, b) => a.visited_at.localeCompare(b.visited_at)).map(({ id }) => id);
  expect(byTime).toEqual(byTime.toSorted());

  const { items: patrols } = await member.ask<{ items: { checked_in: number; stops: number; status: string }[] }>(`patrols?place=${walk.grid}`);
  expect(patrols[0]).toMatchObject({ checked_in: all, stops: all, status: 'under_way' });
  const { items } = await member.ask<{ items: { id: string; words: string; attachment_count: number }[] }>('reports?mine=true&limit=50');
  const reports = items.filter((report) => report.words === words);
  expect(reports).toHaveLength(1);
  const { attachments } = await member.ask<{ attachments: unknown[] }>(`reports/${reports[0]!.id}`);
  expect(attachments).toHaveLength(1);

  // Signed out, nothing of it is left on the phone.
  await page.getByRole('button', { name: /苏爱玲/ }).click();
  await page.getByRole('button', { name: '退出登录' }).click();
  await expect(page.getByRole('heading', { name: '演示：选择一个角色进入' })).toBeVisible();
  const left_behind = await page.evaluate(async () => {
    const base = await new Promise<IDBDatabase>((resolve) => { const open = indexedDB.open('gridkeeper'); open.onsuccess = () => resolve(open.result); });
    const stores = Array.from(base.objectStoreNames);
    const counts = stores.map((name) => new Promise<number>((resolve) => {
      const count = base.transaction(name).objectStore(name).count();
      count.onsuccess = () => resolve(count.result);
    }));
    return (await Promise.all(counts)).reduce((sum, one) => sum + one, 0);
  });
  expect(left_behind).toBe(0);
  await member.leave();
});

test('the service goes down half-way, with an answer on its way', async ({ browser }) => {
  const line = await WeakLine.laid();
  const member = await Person.at(browser, 'phone', ROUGH_FIX, line.address);
  member.expectFailures(FAILURES);
  await member.enter(/进入：第3网格/);
  const walk = new Walk(member, '370828003218003');
  const left = new Date();
  await walk.prepare();
  await walk.call();
  await walk.arrived(1, left);

  line.breakAfter(/^POST \/api\/v1\/visits /);
  await walk.call();
  await walk.call();
  await expect(member.page.getByText('无网络，3 条记录已存本机')).toBeVisible();
  // The first visit did arrive; only its answer was lost.
  expect(await walk.visitsSince(left)).toHaveLength(2);

  await line.mend();
  const visits = await walk.arrived(3, left);
  await walk.allSent();
  expect(await walk.visitsSince(left)).toHaveLength(3);
  expect(distinct(visits)).toBe(3);
  await member.leave();
  await line.break();
});

test('the session ends while there is no signal, and nothing is lost', async ({ browser }) => {
  const member = await Person.at(browser, 'phone', ROUGH_FIX);
  member.expectFailures(FAILURES);
  const { page } = member;
  await member.enter(/进入：第3网格/);
  const walk = new Walk(member, '370828003218003');
  await walk.prepare();
  const left = new Date();
  await page.context().setOffline(true);
  await expect(page.getByText('无网络，显示的是本机资料')).toBeVisible();
  await walk.call();
  // Half a report is on the screen when the signal comes back and the session is gone.
  await page.getByRole('button', { name: '上报隐患' }).click();
  await page.getByLabel('情况说明').fill('写到一半');
  expect((await page.request.delete(`${origin()}/api/v1/session`)).status()).toBe(204);
  await page.context().setOffline(false);

  await expect(page.getByRole('heading', { name: '登录已过期' })).toBeVisible();
  await expect(page.getByText('2 条记录仍在本机，登录后继续发送')).toBeVisible();
  await member.screenIsAccessible();
  await page.getByRole('button', { name: /^继续：/ }).click();
  await expect(page.getByRole('heading', { name: '登录已过期' })).toHaveCount(0);
  await walk.allSent();
  await walk.arrived(1, left);
  await expect(page.getByLabel('情况说明')).toHaveValue('写到一半');
  await member.leave();
});

test('the service has something else under the same id: both sides are shown, and the walker decides', async ({ browser }) => {
  const line = await WeakLine.laid();
  const member = await Person.at(browser, 'phone', ROUGH_FIX, line.address);
  member.expectFailures(FAILURES);
  const { page } = member;
  await member.enter(/进入：第3网格/);
  const walk = new Walk(member, '370828003218003');
  await walk.prepare();
  const left = new Date();
  line.breakBefore(/^POST \/api\/v1\/visits /);
  const attempt = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/api/v1/visits'));
  await walk.call();
  const mine = (await attempt).postDataJSON() as Visit;

  const other = { ...mine, result: 'refused', note: '另一台手机上的记录' };
  expect((await page.request.post(`${origin()}/api/v1/visits`, { data: other })).status()).toBe(201);
  await line.mend();
  await expect(page.getByText('1 条记录需要您处理')).toBeVisible();
  await page.getByRole('button', { name: '查看', exact: true }).click();
  const both = page.getByRole('dialog', { name: '待发送记录' });
  await expect(both.getByText(/此 id 已用于另一条内容不同的记录/)).toBeVisible();
  await expect(both.getByRole('definition').filter({ hasText: '已走访' })).toBeVisible();
  await expect(both.getByRole('definition').filter({ hasText: '另一台手机上的记录' })).toBeVisible();
  await member.screenIsAccessible();
  await both.getByRole('button', { name: '仍提交我的记录' }).click();
  await expect(both.getByText('需要处理')).toHaveCount(0);

  const visits = await walk.arrived(2, left);
  const ofBoth = visits.filter(({ target_id }) => target_id === mine.target_id);
  expect(ofBoth.map(({ result }) => result).toSorted()).toEqual(['done', 'refused']);
  await member.leave();
  await line.break();
});

test('the page opens without a signal, and what was half written is still there', async ({ browser }) => {
  const member = await Person.at(browser, 'phone', ROUGH_FIX);
  member.expectFailures(FAILURES);
  const { page } = member;
  await member.enter(/进入：第1网格/);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await page.context().setOffline(true);
  await page.getByRole('button', { name: '上报', exact: true }).click();
  await page.getByRole('button', { name: '用地图中心' }).click();
  await page.getByLabel('情况说明').fill('井盖缺失，还没写完');
  await page.getByLabel('添加照片').setInputFiles('public/icon-192.png');
  await expect(page.getByRole('img', { name: '第 1 张照片' })).toBeVisible();
  // Typing is kept when it pauses.
  await page.waitForTimeout(1_000);

  await page.goto('about:blank');
  await page.goto(member.home, { waitUntil: 'commit' });
  await expect(page.getByLabel('情况说明')).toHaveValue('井盖缺失，还没写完');
  await expect(page.getByRole('img', { name: '第 1 张照片' })).toBeVisible();
  await expect(page.getByText('无网络，显示的是本机资料')).toBeVisible();
  await member.screenIsAccessible();
  await page.getByRole('button', { name: '返回', exact: true }).click();
  await expect(page.getByRole('heading', { name: '事件', exact: true })).toBeVisible();
  await member.leave();
});

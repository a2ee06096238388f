/** Story: what happens at a door besides a call: photos, a hazard that is found, a stop that has to wait; the way there, step by step. */
import { expect, Person, test } from './person';
import { ROUGH_FIX, Walk, type Visit } from './walk';

const FAILURES = /\/(api|tiles)\/|\/icon|\/$|\/patrol|\/sw\.js|\/assets\//;
const PHOTO = 'public/icon-192.png';
const ANOTHER = 'public/icon-512.png';

interface Patrol {
  course: { line: { coordinates: [number, number][] }; stops: { target_id: string; vertex: number }[] };
  stops: { target_id: string; state: string }[];
}
type Seen = Visit & { photos: { url: string }[]; report_id: string | null };

test('a photo taken at the door without a signal goes out once, and the chief sees it', async ({ browser }) => {
  const member = await Person.at(browser, 'phone', ROUGH_FIX);
  member.expectFailures(FAILURES);
  const { page } = member;
  await member.enter(/进入：第3网格/);
  const walk = new Walk(member, '370828003218003');
  await walk.prepare();
  const [done, all] = await walk.progress();
  const door = await page.locator('#next-heading').innerText();
  const left = new Date();
  await page.context().setOffline(true);
  await expect(page.getByText('无网络，显示的是本机资料')).toBeVisible();

  await page.getByRole('button', { name: '到达打卡' }).click();
  await page.getByRole('button', { name: '位置不准' }).click();
  await page.getByRole('button', { name: '照片', exact: true }).click();
  await page.getByLabel('添加照片').setInputFiles(PHOTO);
  await expect(page.getByRole('img', { name: '第 1 张照片' })).toBeVisible();
  await member.screenIsAccessible();
  // What shows as taken lies on the device: a reload in the same moment takes neither the check-in nor the photo.
  await page.reload({ waitUntil: 'commit' });
  await expect(page.getByRole('img', { name: '第 1 张照片' })).toBeVisible();
  await page.getByRole('button', { name: '展开面板' }).click();
  await page.getByRole('group', { name: '走访结果' }).getByRole('button', { name: '已走访' }).click();
  await expect(page.getByText(`已完成 ${done + 1} / ${all}`)).toBeVisible();
  await page.getByRole('button', { name: '查看', exact: true }).click();
  await expect(page.getByRole('dialog', { name: '待发送记录' }).getByText('1 张照片')).toBeVisible();
  await member.screenIsAccessible();
  await page.keyboard.press('Escape');
  // The photo was of that door: the next has none.
  await page.getByRole('button', { name: '到达打卡' }).click();
  await expect(page.getByRole('img', { name: '第 1 张照片' })).toHaveCount(0);
  await page.getByRole('button', { name: '取消打卡' }).click();

  await page.context().setOffline(false);
  const [visit] = (await walk.arrived(1, left)) as Seen[];
  await walk.allSent();
  await page.reload();
  await walk.allSent();
  expect(await walk.visitsSince(left)).toHaveLength(1);
  expect(visit!.photos).toHaveLength(1);

  const chief = await Person.at(browser, 'desktop');
  await chief.enter(/进入：网格长/);
  const photo = await chief.page.request.get(`${new URL(chief.page.url()).origin}${visit!.photos[0]!.url}`);
  expect([photo.status(), photo.headers()['content-type']]).toEqual([200, 'image/png']);
  await chief.page.getByRole('button', { name: '巡查', exact: true }).click();
  await chief.page.getByRole('button', { name: /第3网格.*进行中/ }).click();
  await chief.page.getByRole('listitem').filter({ hasText: '已签到' }).getByRole('button', { name: door, exact: true }).click();
  await expect(chief.page.getByRole('heading', { name: '走访记录' })).toBeVisible();
  await expect(chief.page.getByRole('img', { name: '第 1 张照片' })).toBeVisible();
  await chief.screenIsAccessible();
  await chief.leave();
  await member.leave();
});

test('a hazard found at the door is recorded with the visit and becomes a report', async ({ browser }) => {
  const member = await Person.at(browser, 'phone', ROUGH_FIX);
  const { page } = member;
  await member.enter(/进入：第3网格/);
  const walk = new Walk(member, '370828003218003');
  await walk.prepare();
  const [done, all] = await walk.progress();
  const left = new Date();
  const words = `电线老化，插座发热 ${Date.now()}`;
  await page.getByRole('button', { name: '到达打卡' }).click();
  await page.getByRole('button', { name: '位置不准' }).click();
  await page.getByRole('button', { name: '发现隐患' }).click();
  await page.getByRole('button', { name: '用电' }).click();
  await page.getByRole('group', { name: '严重程度' }).getByRole('button', { name: '高' }).click();
  await page.getByLabel('看到了什么').fill(words);
  await page.getByLabel('添加照片').setInputFiles(PHOTO);
  await expect(page.getByRole('img', { name: '第 1 张照片' })).toBeVisible();
  await member.screenIsAccessible();
  // Back and forth loses nothing of it.
  await page.getByRole('button', { name: '返回', exact: true }).click();
  await expect(page.getByRole('group', { name: '走访结果' })).toBeVisible();
  await page.getByRole('button', { name: '发现隐患' }).click();
  await expect(page.getByLabel('看到了什么')).toHaveValue(words);
  // A photo chosen in the moment before it is recorded goes along.
  await page.getByLabel('添加照片').setInputFiles(ANOTHER);
  await page.getByRole('button', { name: '记录走访并上报隐患' }).click();
  await expect(page.getByText(`已完成 ${done + 1} / ${all}`)).toBeVisible();

  const [visit] = (await walk.arrived(1, left)) as Seen[];
  expect(visit).toMatchObject({ result: 'hazard_found', note: words });
  const report = await member.ask<Record<string, unknown>>(`reports/${visit!.report_id}`);
  expect(report).toMatchObject({ kind: 'hazard', hazard_kind: 'electrical', severity: 3, words, photo_count: 2 });
  await page.getByRole('button', { name: /^事件/ }).click();
  await page.getByRole('button', { name: new RegExp(words) }).click();
  await expect(page.getByRole('img', { name: '第 1 张照片' })).toBeVisible();
  await member.screenIsAccessible();
  await member.leave();
});

test('the way to the next door is told step by step, and who leaves it is told', async ({ browser }) => {
  const member = await Person.at(browser, 'phone', { permissions: ['geolocation'], geolocation: { longitude: 116.31, latitude: 35.09, accuracy: 8 } });
  const { page } = member;
  await member.enter(/进入：第3网格/);
  const walk = new Walk(member, '370828003218003');
  await walk.prepare();
  const { items } = await member.ask<{ items: { id: string }[] }>(`patrols?place=${walk.grid}&limit=1`);
  const { course, stops } = await member.ask<Patrol>(`patrols/${items[0]!.id}`);
  // At the door before the next one.
  const next = stops.find(({ state }) => state === 'planned')!.target_id;
  const before = course.stops[course.stops.findIndex(({ target_id }) => target_id === next) - 1];
  const [longitude, latitude] = course.line.coordinates[before?.vertex ?? 0]!;

  await page.context().setGeolocation({ longitude, latitude, accuracy: 8 });
  await page.getByRole('button', { name: '导航' }).click();
  await page.getByRole('button', { name: '展开面板' }).click();
  const all = page.getByText(/^走法（\d+ 步）$/);
  await expect(all).toBeVisible();
  await expect(page.getByText(/后$/).first()).toBeVisible();
  await all.click();
  await expect(page.getByRole('listitem').filter({ hasText: '米' }).first()).toBeVisible();
  await member.screenIsAccessible();

  await page.context().setGeolocation({ longitude: longitude + 0.01, latitude: latitude + 0.01, accuracy: 8 });
  await expect(page.getByText(/^已偏离路线 .*，请看地图$/)).toBeVisible();
  await member.screenIsAccessible();
  await page.getByRole('button', { name: '结束导航' }).click();
  await expect(all).toHaveCount(0);
  await member.leave();
});

test('a stop that has to wait is skipped and the rest planned anew', async ({ browser }) => {
  const member = await Person.at(browser, 'phone', ROUGH_FIX);
  const { page } = member;
  await member.enter(/进入：第3网格/);
  const walk = new Walk(member, '370828003218003');
  await walk.prepare();
  const name = await page.locator('#next-heading').innerText();
  await page.getByRole('button', { name: '跳过', exact: true }).click();
  await page.getByRole('radio', { name: '对方另约时间' }).check();
  await member.screenIsAccessible();
  await page.getByRole('button', { name: '跳过并重新安排' }).click();
  await expect(page.getByRole('heading', { name: '重新安排' })).toBeVisible();
  await page.getByRole('button', { name: '按新安排执行' }).click();
  await expect(page.getByText('已按新安排执行')).toBeVisible();
  await expect(page.getByText('已跳过 · 对方另约时间')).toBeVisible();
  await expect(page.locator('#next-heading')).not.toHaveText(name);
  await member.leave();
});

for (const size of ['phone', 'desktop'] as const) {
  test(`a month of calls is spread over its days, ${size}`, async ({ browser }) => {
    const member = await Person.at(browser, size);
    const { page } = member;
    // Each size has a grid of its own whose month nobody has spread yet: asking for it is answered 404.
    member.expectFailures(/patrols\/calendar/);
    await member.enter(size === 'phone' ? /进入：第2网格/ : /进入：第3网格/);
    await page.getByRole('button', { name: '巡查', exact: true }).click();
    await page.getByRole('radio', { name: '月历' }).check();
    if (size === 'phone') await page.getByRole('button', { name: '展开面板' }).click();
    await expect(page.getByText('本月还没有走访日历')).toBeVisible();
    await member.screenIsAccessible();
    // Next month has all its days to come.
    await page.getByRole('button', { name: '下一月' }).click();
    await page.getByRole('button', { name: '排出本月走访' }).click();
    const days = page.getByRole('table').getByRole('button');
    await expect(days.first()).toBeVisible();
    expect(await days.count()).toBeGreaterThanOrEqual(28);
    await expect(page.getByText(/排定$/)).toBeVisible();
    const busy = page.getByRole('button', { name: /\d+ 次走访$/ }).and(page.locator(':not([aria-label*=" 0 次"])'));
    await busy.first().click();
    await expect(page.getByText(/次走访 · 入户 \d+ 分钟/)).toBeVisible();
    await expect(page.getByRole('listitem').filter({ hasText: /每/ }).first()).toBeVisible();
    await member.screenIsAccessible();

    await page.getByRole('button', { name: '上一月' }).click();
    await page.getByRole('button', { name: '上一月' }).click();
    await expect(page.getByText('只能安排本月和后两个月。')).toBeVisible();
    await member.screenIsAccessible();
    await member.leave();
  });
}

/**
 * Stories of the inspector's screen: where events are dense and why, what is beyond chance, whom to visit and whether to
 * believe it; choosing whom to visit on the map; and a view that a colleague finds as it was sent.
 */
import { readFileSync } from 'node:fs';
import { expect, Person, test, type Size } from './person';

test('an inspector sees where fire hazards are dense', async ({ browser }) => {
  const inspector = await Person.at(browser, 'desktop');
  const { page } = inspector;
  await inspector.enter(/进入：.*消防/);
  const painted = page.waitForResponse((answer) => answer.url().includes('/tiles/density/') && answer.ok());
  await page.getByRole('button', { name: '风险', exact: true }).click();
  expect((await painted).headers()['content-type']).toBe('image/png');
  await expect(page.getByRole('heading', { name: '图例' })).toContainText('件/平方公里');
  await expect(page.getByText(/计入 \d+ 件事件/)).toBeVisible();
  await inspector.screenIsAccessible();

  const asked = page.waitForRequest((request) => /\/tiles\/density\/.*kind=fire/.test(request.url()));
  await page.getByLabel('事件', { exact: true }).selectOption('fire');
  await asked;
  await expect(page).toHaveURL(/about=fire/);

  // Legend and layers.
  await page.getByRole('button', { name: '图层' }).click();
  await page.getByRole('checkbox', { name: '企业' }).uncheck();
  await inspector.screenIsAccessible();
  await inspector.leave();
});

test('an inspector sees who most deserves a visit, why, and whether to believe it', async ({ browser }) => {
  const inspector = await Person.at(browser, 'phone');
  const { page } = inspector;
  await inspector.enter(/进入：.*消防/);
  await page.getByRole('button', { name: '风险', exact: true }).click();
  await page.getByRole('button', { name: '展开面板' }).click();
  await page.getByRole('radio', { name: '排序', exact: true }).check();
  await expect(page.getByText('共 118 家企业')).toBeVisible();
  await expect(page.getByRole('radio', { name: '消防' })).toBeChecked();
  await page.getByRole('button', { name: '理由' }).first().click();

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '导出表格（XLSX）' }).click();
  expect(readFileSync(await (await download).path()).subarray(0, 4).toString('hex')).toBe('504b0304');

  // The points of the reasons and the average enterprise's add up to the score.
  const first = page.locator('ol > li').first();
  const points = (await first.locator('td.points').allInnerTexts()).map((text) => Math.round(Number(text.replace('−', '-')) * 10));
  const score = Number(await first.locator('.score strong').innerText());
  expect(Math.abs(points.reduce((sum, tenths) => sum + tenths, 0) / 10 - score)).toBeLessThanOrEqual(0.5);
  await inspector.screenIsAccessible();

  await page.getByRole('radio', { name: '回测' }).check();
  await expect(page.getByRole('row', { name: /风险模型/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /单元计数|核密度/ })).toHaveCount(2);
  await inspector.screenIsAccessible();
  await inspector.leave();
});

/** The middle of what is seen of the map: on a phone the sheet covers its lower half. */
async function middle(person: Person, size: Size): Promise<{ x: number; y: number }> {
  const box = (await person.page.locator('canvas.maplibregl-canvas').boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height * (size === 'phone' ? 0.24 : 0.5) };
}

for (const size of ['desktop', 'phone'] as const) {
  test(`an inspector asks the map about a place and sends the view to a colleague, ${size}`, async ({ browser }) => {
    const inspector = await Person.at(browser, size);
    const { page } = inspector;
    await inspector.enter(/进入：.*消防/);
    await page.getByRole('button', { name: '风险', exact: true }).click();
    await expect(page.getByText(/计入 \d+ 件事件/)).toBeVisible();

    // The densest place there is: where an event of the first enterprise in the ranking happened.
    const ranking = await inspector.ask<{ items: { geometry: { coordinates: [number, number] } }[] }>('risk/enterprises?kind=fire&limit=1');
    const [lon, lat] = ranking.items[0]!.geometry.coordinates;
    await page.goto(`${new URL(page.url()).origin}/risk?half=36500#at=17/${lat}/${lon}`);
    await expect(page.getByText(/计入 \d+ 件事件/)).toBeVisible();
    const { x, y } = await middle(inspector, size);
    await page.mouse.click(x, y);
    const here = page.getByRole('region', { name: '此处' });
    await expect(here.getByText(/件\/平方公里|没有符合条件的事件/)).toBeVisible();
    await inspector.screenIsAccessible();

    // The number on the page is the service's number for the place in the address.
    const url = new URL(page.url());
    const value = await inspector.ask<{ value: number; count: number }>(
      `density/value?at=${url.searchParams.get('spot')}&bandwidth_m=150&half_life_days=36500&from=${yearAgo()}`,
    );
    if (value.count > 0) await expect(here).toContainText(`内 ${value.count} 件事件构成`);
    else await expect(here).toContainText('没有符合条件的事件');

    // A wider reach finds no fewer; by keyboard, as a mouse would.
    if (size === 'phone') await page.getByRole('button', { name: '展开面板' }).click();
    const legend = page.waitForResponse((answer) => /density\/legend.*bandwidth_m=160/.test(answer.url()) && answer.ok());
    await page.getByRole('slider', { name: /平滑半径/ }).press('ArrowRight');
    await legend;
    await expect(page).toHaveURL(/reach=160/);
    await page.getByText('更多条件').click();
    await page.getByRole('button', { name: '高', exact: true }).click();
    await expect(page).toHaveURL(/grave=3/);
    await inspector.screenIsAccessible();

    // The link says dates, not "the last year", and nothing of who made it.
    await page.getByRole('button', { name: '复制链接' }).click();
    await expect(page).toHaveURL(/span=custom.*since=\d{4}-\d\d-\d\d/);
    const sent = page.url();
    const told = here.getByText(/件事件构成|没有符合条件的事件/);
    const shown = await told.innerText();
    await page.goto('about:blank');
    await page.goto(sent);
    await expect(told).toHaveText(shown);
    await expect(page.getByRole('button', { name: '高', exact: true })).toHaveAttribute('aria-pressed', 'true');
    await inspector.leave();
  });
}

/** The first day of the last 365, in China. */
function yearAgo(): string {
  return new Date(Date.now() + (8 - 24 * 365) * 3_600_000).toISOString().slice(0, 10);
}

test('hotspots stand on the map and in the list, or it says that there are none', async ({ browser }) => {
  const command = await Person.at(browser, 'desktop');
  const { page } = command;
  await command.enter(/进入：.*指挥中心/);
  await page.getByRole('button', { name: '风险', exact: true }).click();
  const hotspots = page.getByRole('region', { name: '热点' });
  await hotspots.getByRole('radio', { name: '六边形' }).check();
  const answer = (unit: string) => command.ask<{ features: { properties: { count: number } }[] }>(`hotspots?unit=${unit}&half_life_days=180&from=${yearAgo()}`);
  for (const [unit, name] of [['hexagon', '六边形'], ['grid', '网格'], ['enterprise', '企业周边']] as const) {
    await hotspots.getByRole('radio', { name }).check();
    const { features } = await answer(unit);
    if (features.length === 0) await expect(hotspots.getByText('没有超出偶然的热点')).toBeVisible();
    else await expect(hotspots.getByRole('listitem')).toHaveCount(Math.min(features.length, 8));
  }
  await command.screenIsAccessible();
  await page.getByRole('button', { name: '热点', exact: true }).click();
  await expect(hotspots).toHaveCount(0);
  await command.leave();
});

test('an inspector chooses whom to visit: one, the ten nearby, and by drawing around them', async ({ browser }) => {
  const inspector = await Person.at(browser, 'desktop');
  const { page } = inspector;
  await inspector.enter(/进入：.*消防/);
  await page.getByRole('button', { name: '风险', exact: true }).click();
  const top = page.getByRole('region', { name: '应访企业' });
  await top.getByRole('checkbox', { name: /^选择/ }).first().check();
  await expect(page.getByText('已选 1 处')).toBeVisible();

  await top.getByRole('checkbox', { name: '2 公里内' }).check();
  await expect(page).toHaveURL(/near=1/);
  await page.getByRole('button', { name: '清空' }).click();
  await expect(page.getByText(/已选/)).toHaveCount(0);

  // Around everything that is seen of the street: all enterprises at work and open hazards, up to a hundred.
  await page.getByRole('button', { name: '圈选' }).first().click();
  const box = (await page.locator('canvas.maplibregl-canvas').boundingBox())!;
  const corners = [[0.03, 0.12], [0.97, 0.12], [0.97, 0.97], [0.03, 0.97]].map(([x, y]) => [box.x + box.width * x!, box.y + box.height * y!] as const);
  await page.mouse.move(...corners[0]!);
  await page.mouse.down();
  for (const corner of corners.slice(1)) await page.mouse.move(...corner, { steps: 4 });
  await inspector.screenIsAccessible();
  await page.mouse.up();
  await expect(page.getByText('已选 100 处')).toBeVisible();
  await expect(page.getByText(/最多选 100 处/)).toBeVisible();
  await page.reload();
  await expect(page.getByText('已选 100 处')).toBeVisible();
  await inspector.screenIsAccessible();
  await inspector.leave();
});

for (const size of ['desktop', 'phone'] as const) {
  test(`two periods stand side by side on maps that move together, ${size}`, async ({ browser }) => {
    const inspector = await Person.at(browser, size);
    const { page } = inspector;
    await inspector.enter(/进入：.*消防/);
    await page.getByRole('button', { name: '风险', exact: true }).click();
    await expect(page.getByText(/计入 \d+ 件事件/)).toBeVisible();
    const painted = ['from=2025-01-01&to=2025-06-30', 'from=2026-01-01&to=2026-06-30'].map((dates) =>
      page.waitForResponse((answer) => answer.url().includes('/tiles/density/') && answer.url().includes(dates) && answer.ok()),
    );
    await page.goto(`${new URL(page.url()).origin}/risk?show=compare&before=2025-01-01&beforeEnd=2025-06-30&after=2026-01-01&afterEnd=2026-06-30`);
    await Promise.all(painted);
    const maps = page.locator('canvas.maplibregl-canvas');
    await expect(maps).toHaveCount(2);
    const events = async (dates: string) => (await inspector.ask<{ events: number }>(`density/legend?${dates}&half_life_days=180`)).events;
    const [before, after] = [await events('from=2025-01-01&to=2025-06-30'), await events('from=2026-01-01&to=2026-06-30')];
    await expect(page.getByText(`时段一 ${before} 件，时段二 ${after} 件`)).toBeVisible();
    await inspector.screenIsAccessible();

    // The second map leads as well as the first: the address tells where the first one looks.
    await expect(page).toHaveURL(/#at=/);
    const from = new URL(page.url()).hash;
    await maps.nth(1).focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => new URL(page.url()).hash).not.toBe(from);

    await page.getByRole('radio', { name: '地图', exact: true }).check();
    await expect(maps).toHaveCount(1);
    await inspector.leave();
  });
}

test('an inspector plays the months and takes the view to a meeting', async ({ browser }) => {
  const inspector = await Person.at(browser, 'desktop');
  const { page } = inspector;
  await inspector.enter(/进入：.*消防/);
  await page.goto(`${new URL(page.url()).origin}/risk?span=custom&since=2026-01-01&until=2026-06-30`);
  await expect(page.getByText(/计入 \d+ 件事件/)).toBeVisible();
  // Four windows of three months; played to the last.
  const last = page.waitForResponse((answer) => /tiles\/density.*from=2026-04-01&to=2026-06-30/.test(answer.url()) && answer.ok());
  await page.getByRole('button', { name: '播放' }).click();
  await last;
  await expect(page.getByText('2026-04-01 至 2026-06-30')).toBeVisible();
  await expect(page.getByRole('button', { name: '播放' })).toBeVisible();
  await inspector.screenIsAccessible();
  await page.getByRole('button', { name: '结束播放' }).click();

  for (const [name, file, magic] of [
    ['简报图片（PNG）', /^风险简报-.*\.png$/, '89504e47'], ['GeoTIFF（数值，当前画面）', /\.tif$/, '49492a00'],
    ['动画（APNG，当前画面）', /\.apng$/, '89504e47'], ['企业排序表（XLSX）', /\.xlsx$/, '504b0304'],
  ] as const) {
    await page.getByRole('button', { name: '导出', exact: true }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name }).click();
    const saved = await download;
    expect(saved.suggestedFilename()).toMatch(file);
    expect(readFileSync(await saved.path()).subarray(0, 4).toString('hex')).toBe(magic);
  }
  await inspector.leave();
});

test('the command centre compares its villages, and what changed between two periods', async ({ browser }) => {
  const command = await Person.at(browser, 'desktop');
  const { page } = command;
  await command.enter(/进入：.*指挥中心/);
  await page.goto(`${new URL(page.url()).origin}/risk?show=areas&span=custom&since=2026-01-01&until=2026-06-30&measure=count`);
  const { items, count } = await command.ask<{ count: number; items: { name: string; count: number; series: number[] }[] }>(
    'risk/areas?from=2026-01-01&to=2026-06-30&half_life_days=180&geometry=false',
  );
  await expect(page.getByText(`计入 ${count} 件事件`)).toBeVisible();
  const most = items.toSorted((a, b) => b.count - a.count)[0]!;
  const first = page.locator('ol > li').filter({ has: page.getByRole('img') }).first();
  await expect(first).toContainText(most.name);
  await expect(first).toContainText(String(most.count));
  // What is drawn is also said.
  await expect(first.getByRole('img')).toHaveAttribute('aria-label', new RegExp(`2026-01：${most.series[0]} 件.*2026-06：${most.series.at(-1)} 件`));
  await command.screenIsAccessible();
  await page.getByRole('radio', { name: '逐季地图' }).check();
  await expect(page.getByRole('img', { name: /2026 Q[12]/ })).toHaveCount(2);
  await command.screenIsAccessible();

  const change = page.waitForResponse((answer) => answer.url().includes('against=2026-01-01%2C2026-03-31') && answer.url().includes('/tiles/density/') && answer.ok());
  await page.goto(`${new URL(page.url()).origin}/risk?show=compare&as=change&before=2026-01-01&beforeEnd=2026-03-31&after=2026-04-01&afterEnd=2026-06-30`);
  expect((await change).headers()['content-type']).toBe('image/png');
  await expect(page.getByRole('region', { name: '图例' }).getByRole('listitem').first()).toBeVisible();
  await command.screenIsAccessible();
  await command.leave();
});

for (const size of ['desktop', 'phone'] as const) {
  test(`the surface is counted for enterprises, along roads, and against an earlier period, ${size}`, async ({ browser }) => {
    const inspector = await Person.at(browser, size);
    const { page } = inspector;
    await inspector.enter(/进入：.*消防/);
    await page.goto(`${new URL(page.url()).origin}/risk?span=custom&since=2026-01-01&until=2026-06-30`);
    if (size === 'phone') await page.getByRole('button', { name: '展开面板' }).click();
    const legend = page.getByRole('region', { name: '图例' });
    const base = page.getByLabel('按什么计');
    await expect(legend.getByRole('heading')).toContainText('件/平方公里');
    // The heading names the unit; the classes need not.
    await expect(legend.getByRole('listitem').first()).toHaveText('10–20');
    // Inspectors read no households, and are not offered them.
    await expect(base.getByRole('option')).toHaveCount(4);
    const tile = (what: string) => page.waitForResponse((answer) => answer.url().includes('/tiles/density/') && answer.url().includes(what) && answer.ok());

    await page.getByText('更多条件').click();
    const fitted = tile('adaptive=true');
    await page.getByLabel(/半径随疏密变化/).check();
    await fitted;
    const confined = tile('edge=true');
    await page.getByLabel(/只在网格范围内/).check();
    await confined;
    await expect(legend).toContainText('限于网格范围');
    await inspector.screenIsAccessible();

    const each = tile('relative=enterprises');
    await base.selectOption('enterprise');
    await each;
    await expect(legend.getByRole('heading')).toContainText('件/家企业');
    await expect(page.getByLabel(/半径随疏密变化/)).toHaveCount(0);
    const ranking = await inspector.ask<{ items: { geometry: { coordinates: [number, number] } }[] }>('risk/enterprises?kind=fire&limit=1');
    const [lon, lat] = ranking.items[0]!.geometry.coordinates;
    const value = await inspector.ask<{ value: number | null; compared_per_km2: number }>(
      `density/value?at=${lon.toFixed(5)},${lat.toFixed(5)}&relative=enterprises&from=2026-01-01&to=2026-06-30&half_life_days=180`,
    );
    await page.goto(`${page.url().split('#')[0]}&spot=${lon.toFixed(5)},${lat.toFixed(5)}`);
    const here = page.getByRole('region', { name: '此处' });
    await expect(here).toContainText(value.value === null ? '没有企业可比' : value.value === 0 ? '没有符合条件的事件' : '件/家企业');

    if (size === 'phone') await page.getByRole('button', { name: '展开面板' }).click();
    const lines = page.waitForResponse((answer) => answer.url().includes('network=true') && answer.ok());
    await base.selectOption('road');
    expect(((await (await lines).json()) as { unit: string }).unit).toBe('events/km');
    await expect(legend.getByRole('heading')).toContainText('件/公里');
    await inspector.screenIsAccessible();
    const month = page.waitForResponse((answer) => answer.url().includes('network=true') && answer.url().includes('from=2026-02-01&to=2026-04-30') && answer.ok());
    await page.getByRole('button', { name: '播放' }).click();
    await month;
    await page.getByRole('button', { name: '结束播放' }).click();

    // Half a year, against the half year before it.
    const change = tile('against=2025-07-04%2C2025-12-31');
    await base.selectOption('change');
    await change;
    await expect(legend).toContainText(/前一时段 \d+ 件/);
    await expect(page.getByRole('button', { name: '播放' })).toBeDisabled();
    await expect(page.getByText('差异是两个时段的对照，不能逐月播放')).toBeVisible();
    await inspector.screenIsAccessible();
    await inspector.leave();
  });

  test(`what clusters in space and time stands on the map and in words, ${size}`, async ({ browser }) => {
    const chief = await Person.at(browser, size);
    const { page } = chief;
    await chief.enter(/进入：网格长/);
    await page.goto(`${new URL(page.url()).origin}/risk?span=custom&since=2026-01-01&until=2026-06-30&off=hotspots,top`);
    if (size === 'phone') await page.getByRole('button', { name: '展开面板' }).click();
    await page.getByRole('button', { name: '近期聚集' }).click();
    const clusters = page.getByRole('region', { name: '近期聚集' });
    const found = await chief.ask<{ summary: { zh: string }; features: { properties: { sentence: { zh: string } } }[] }>('hotspots/clusters?to=2026-06-30&days=28');
    await expect(clusters.getByText(found.summary.zh)).toBeVisible();
    await expect(clusters.getByRole('listitem')).toHaveCount(found.features.length);
    if (found.features.length > 0) {
      await clusters.getByRole('listitem').first().getByRole('button').click();
      await expect(clusters.getByText(found.features[0]!.properties.sentence.zh)).toBeVisible();
    }
    const wider = page.waitForResponse((answer) => /hotspots\/clusters.*days=90/.test(answer.url()) && answer.ok());
    await clusters.getByRole('radio', { name: '90 天' }).check();
    await wider;
    await expect(page).toHaveURL(/also=clusters.*lately=90/);

    await page.getByRole('button', { name: '临近重复' }).click();
    const repeats = page.getByRole('region', { name: '临近重复' });
    const knox = await chief.ask<{ summary: { zh: string }; pairs: number; windows: unknown[] }>('hotspots/near-repeats?from=2026-01-01&to=2026-06-30');
    await expect(repeats.getByText(knox.summary.zh)).toBeVisible();
    if (knox.pairs > 0) await expect(repeats.getByRole('row')).toHaveCount(6);
    await expect(repeats.getByRole('listitem')).toHaveCount(Math.min(knox.windows.length, 6));
    await chief.screenIsAccessible();
    await page.reload();
    await expect(repeats.getByText(knox.summary.zh)).toBeVisible();
    await chief.leave();
  });
}

test('a period is chosen on the histogram by keyboard', async ({ browser }) => {
  const inspector = await Person.at(browser, 'phone');
  const { page } = inspector;
  await inspector.enter(/进入：.*消防/);
  await page.getByRole('button', { name: '风险', exact: true }).click();
  await page.getByRole('button', { name: '展开面板' }).click();
  const first = page.getByRole('slider', { name: '起始月份' });
  await expect(first).toBeVisible();
  await first.press('ArrowRight');
  await expect(page).toHaveURL(/span=custom.*since=\d{4}-\d\d-01/);
  const since = new URL(page.url()).searchParams.get('since')!;
  await expect(first).toHaveAttribute('aria-valuetext', since.slice(0, 7));
  await inspector.screenIsAccessible();
  await inspector.leave();
});

/** Story: the command centre files a report from the map; the grid's member sees it arrive and settles it. */
import { expect, origin, Person, test } from './person';

const FIRST_GRID = '370828003218001';

/** A place well inside the first grid: somebody's door there. */
async function doorInFirstGrid(person: Person): Promise<{ lon: number; lat: number }> {
  const { items } = await person.ask<{ items: { geometry: { coordinates: [number, number] } }[] }>(`households?grid=${FIRST_GRID}&limit=1`);
  const [lon, lat] = items[0]!.geometry.coordinates;
  return { lon, lat };
}

test('a report filed from the map reaches the member of its grid', async ({ browser }) => {
  const member = await Person.at(browser, 'phone');
  await member.page.goto(origin());
  await expect(member.page.getByRole('note')).toHaveText('演示数据：地图为合成，仅编码、名称与数量真实');
  await member.screenIsAccessible();
  await member.enter(/进入：第1网格/);
  await expect(member.page.getByRole('radio', { name: '我的网格' })).toBeChecked();
  await expect(member.page.getByText('实时更新中')).toBeVisible();
  await member.screenIsAccessible();

  const command = await Person.at(browser, 'desktop');
  await command.enter(/进入：.*指挥中心/);
  await command.screenIsAccessible();

  // The village is found by its name and its card tells how many live there.
  const { page } = command;
  await page.getByRole('combobox', { name: '搜索网格、地址、企业或编码' }).fill('崔口村');
  await page.getByRole('option', { name: /崔口村/ }).filter({ hasText: '行政区划' }).first().click();
  await expect(page.getByRole('heading', { name: '崔口村' })).toBeVisible();
  await expect(page.getByText('1,360')).toBeVisible();
  await command.screenIsAccessible();

  const { lon, lat } = await doorInFirstGrid(command);
  await page.goto(`${origin()}/#at=18/${lat}/${lon}`);
  await command.mapIsDrawn();
  await page.getByRole('button', { name: '上报', exact: true }).click();
  await page.getByRole('button', { name: '提交上报' }).click();
  await expect(page.getByText('请选择位置')).toBeVisible();
  await page.getByRole('button', { name: '在地图上点选' }).click();
  await page.locator('canvas.maplibregl-canvas').click();
  const [chosenLon, chosenLat] = (await page.getByTitle('经纬度').innerText()).split(',').map(Number);
  expect(chosenLon).toBeCloseTo(lon, 4);
  expect(chosenLat).toBeCloseTo(lat, 4);

  const words = `门前电线裸露 ${Date.now()}`;
  await page.getByRole('button', { name: '用电' }).click();
  await page.getByRole('button', { name: '高', exact: true }).click();
  await page.getByLabel('情况说明').fill(words);
  await page.getByLabel('添加照片').setInputFiles('public/icon-192.png');
  await expect(page.getByRole('img', { name: '第 1 张照片' })).toBeVisible();
  await command.screenIsAccessible();
  await page.getByRole('button', { name: '提交上报' }).click();
  await expect(page.getByText('上报成功')).toBeVisible();
  await expect(page.getByRole('definition').filter({ hasText: '崔口村第1网格' })).toBeVisible();
  await command.screenIsAccessible();
  await page.getByRole('button', { name: '查看事件' }).click();
  await expect(page.getByRole('img', { name: '第 1 张照片' })).toBeVisible();
  await command.screenIsAccessible();

  // On the member's phone, without a reload.
  const arrived = member.page.getByRole('button', { name: new RegExp(words) });
  await expect(arrived).toBeVisible();
  await expect(arrived.getByText('新', { exact: true })).toBeVisible();
  await expect(member.page.getByRole('button', { name: /事件.*条未读/ })).toBeVisible();
  await arrived.click();
  await expect(member.page.getByRole('heading', { name: '隐患 · 用电' })).toBeVisible();
  await member.page.getByRole('button', { name: '即时处置', exact: true }).click();
  await member.page.getByLabel('备注（可不填）').fill('已断电并更换线路');
  await member.page.getByRole('button', { name: '确认即时处置' }).click();
  await expect(member.page.getByText('已断电并更换线路')).toBeVisible();
  await member.screenIsAccessible();

  // And back at the command centre, where it is now to be verified.
  await expect(page.getByText('已断电并更换线路')).toBeVisible();
  await page.getByRole('button', { name: '结案', exact: true }).click();
  await page.getByRole('button', { name: '确认结案' }).click();
  await expect(page.locator('.tags').getByText('已结案')).toBeVisible();

  await member.leave();
  await command.leave();
});

test('a report is filed where the phone is', async ({ browser }) => {
  const scout = await Person.at(browser, 'phone');
  await scout.enter(/进入：第1网格/);
  const { lon: longitude, lat: latitude } = await doorInFirstGrid(scout);
  await scout.page.getByRole('button', { name: '上报', exact: true }).click();
  await scout.page.getByRole('button', { name: '用当前位置' }).click();
  await expect(scout.page.getByText('未允许定位，可在地图上点选位置')).toBeVisible();
  await scout.leave();

  const member = await Person.at(browser, 'phone', {
    permissions: ['geolocation'], geolocation: { longitude, latitude, accuracy: 12 },
  });
  const { page } = member;
  await member.enter(/进入：第1网格/);
  await page.getByRole('button', { name: '上报', exact: true }).click();
  await page.getByRole('button', { name: '用当前位置' }).click();
  await expect(page.getByText('定位精度约 12 米')).toBeVisible();
  const words = `路灯不亮 ${Date.now()}`;
  await page.getByRole('button', { name: '诉求' }).click();
  await page.getByLabel('情况说明').fill(words);
  await member.screenIsAccessible();
  await page.getByRole('button', { name: '提交上报' }).click();
  await expect(page.getByText('上报成功')).toBeVisible();
  await expect(page.getByRole('definition').filter({ hasText: '崔口村第1网格' })).toBeVisible();

  const { items } = await member.ask<{ items: { words: string; geometry: { coordinates: number[] } }[] }>('reports?mine=true&limit=20');
  const filed = items.find((report) => report.words === words)!;
  expect(filed.geometry.coordinates[0]).toBeCloseTo(longitude, 6);
  expect(filed.geometry.coordinates[1]).toBeCloseTo(latitude, 6);
  await member.leave();
});

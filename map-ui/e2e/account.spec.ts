/** Story: somebody looks after their own account, lets another program in and takes data away as files. */
import { readFileSync } from 'node:fs';
import { expect, origin, Person, test } from './person';

const FIRST_PASSWORD = 'correct horse battery';
const NEXT_PASSWORD = 'staple under the bridge';

/** An account of its own, so that changing its password disturbs nobody. */
async function newPlanner(administrator: Person): Promise<string> {
  const login = `e2e${Date.now()}`;
  const answer = await administrator.page.request.post(`${origin()}/api/v1/accounts`, {
    data: { login, display_name: '试用规划员', role: 'planner', scope_code: '370828003218', password: FIRST_PASSWORD },
  });
  expect(answer.status()).toBe(201);
  return login;
}

test('a password is changed, a token made, used and revoked, in English on a desktop', async ({ browser, playwright }) => {
  const administrator = await Person.at(browser, 'desktop');
  await administrator.enter(/进入：.*管理员/);
  const login = await newPlanner(administrator);
  await administrator.leave();

  const planner = await Person.at(browser, 'desktop');
  const { page } = planner;
  planner.expectFailures(/session\/password$/);
  await page.goto(origin());
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByLabel('User name').fill(login);
  await page.getByLabel('Password').fill(FIRST_PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await planner.mapIsDrawn();
  await page.getByRole('button', { name: '试用规划员' }).click();
  await planner.screenIsAccessible();
  await page.getByRole('button', { name: 'Password and API tokens' }).click();

  await page.getByLabel('Current password').fill('not the password');
  await page.getByLabel('New password', { exact: true }).fill(NEXT_PASSWORD);
  await page.getByLabel('New password again').fill('something else');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('The two new passwords differ')).toBeVisible();
  await page.getByLabel('New password again').fill(NEXT_PASSWORD);
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('this is not the current password')).toBeVisible();
  await planner.screenIsAccessible();
  await page.getByLabel('Current password').fill(FIRST_PASSWORD);
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('Password changed; other devices have to sign in again')).toBeVisible();

  await expect(page.getByText('No token yet')).toBeVisible();
  await page.getByRole('button', { name: 'New token' }).click();
  await page.getByLabel('What for').fill('QGIS');
  await page.getByRole('button', { name: 'Create' }).click();
  const secret = await page.getByRole('status').getByLabel('Token', { exact: true }).innerText();
  await planner.screenIsAccessible();

  const program = await playwright.request.newContext({ extraHTTPHeaders: { authorization: `Bearer ${secret}` } });
  expect((await program.get(`${origin()}/api/v1/grids?village=370828003218`)).status()).toBe(200);

  await page.reload();
  await expect(page.getByText(/last used/)).toBeVisible();
  await expect(page.getByText(secret)).toHaveCount(0);
  await page.getByRole('button', { name: 'Revoke QGIS' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByText('No token yet')).toBeVisible();
  expect((await program.get(`${origin()}/api/v1/grids?village=370828003218`)).status()).toBe(401);
  await program.dispose();
  await planner.leave();
});

test('the layer list opens on a phone, and its layers leave as files', async ({ browser }) => {
  const member = await Person.at(browser, 'phone');
  const { page } = member;
  await member.enter(/进入：第1网格/);
  await page.getByRole('button', { name: '图层' }).click();
  await page.getByRole('checkbox', { name: '企业' }).uncheck();
  await expect(page.getByText('企业风险（外圈）')).toBeVisible();
  await member.screenIsAccessible();

  await page.getByRole('button', { name: '导出数据' }).click();
  await member.screenIsAccessible();
  await page.getByRole('dialog').getByLabel('图层').selectOption('企业');
  await page.getByRole('radio', { name: 'GeoJSON' }).check();
  let download = page.waitForEvent('download');
  await page.getByRole('button', { name: '下载', exact: true }).click();
  const features = JSON.parse(readFileSync(await (await download).path(), 'utf8')) as { features: unknown[] };
  const grid = await member.ask<{ items: unknown[] }>('enterprises?grid=370828003218001&limit=500');
  expect(features.features).toHaveLength(grid.items.length);

  await page.getByRole('button', { name: '导出数据' }).click();
  await page.getByRole('dialog').getByLabel('图层').selectOption('户');
  await page.getByRole('radio', { name: 'CSV' }).check();
  download = page.waitForEvent('download');
  await page.getByRole('button', { name: '下载', exact: true }).click();
  expect((await download).suggestedFilename()).toBe('households.csv');
  expect(readFileSync(await (await download).path(), 'utf8')).toMatch(/地址/);
  await member.leave();
});

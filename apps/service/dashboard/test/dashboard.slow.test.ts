import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MARKET, recordedCandles } from '../../test/recorded-candles.ts';
import { runService, temporaryDirectory } from '../../test/running-service.ts';
import type { RunningService } from '../../test/running-service.ts';
import { buildDashboard } from './built-dashboard.ts';
import { accessibilityFaults, CHROMIUM, launchChromium, openPage, SKIPPED } from './chromium.ts';

const WINDOW = 256;
const CANDLES = recordedCandles(WINDOW + 400);

describe.skipIf(CHROMIUM === undefined)(`the dashboard in Chromium${SKIPPED}`, () => {
  let browser: Browser;
  let built: Awaited<ReturnType<typeof buildDashboard>>;

  beforeAll(async () => {
    [browser, built] = await Promise.all([launchChromium(), buildDashboard()]);
  });

  afterAll(async () => {
    await browser.close();
    built[Symbol.dispose]();
  });

  /** A service with one market, some way into its decisions. */
  async function serve(candles: number, options = {}): Promise<RunningService> {
    const service = await runService({ dashboardDirectory: built.folder, ...options });
    await service.ask('POST', '/v1/markets', {
      ...MARKET,
      settings: { risk: { minimumConfidence: 0.5, shorting: true } },
    });
    if (candles > 0) await feed(service, 0, candles);
    return service;
  }

  async function signIn(page: Page, token: string): Promise<void> {
    await page.getByLabel('Access token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  test('a first visit asks for a token, refuses a wrong one and keeps a right one', async () => {
    await using service = await serve(WINDOW + 40);
    const { url } = service.service;
    await using opened = await openPage(browser, url);
    const { page, faults, origins } = opened;
    await signIn(page, 'nobody');
    await eventually(() => page.getByRole('alert').textContent()).toMatch(/does not take this/);
    await signIn(page, service.token);
    await page.getByRole('heading', { name: 'BTC/USDT' }).waitFor();
    await page.locator('.connection.live').waitFor();
    expect(page.url()).not.toContain(service.token);
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 1]);
    expect(await page.context().cookies()).toEqual([]);
    // The tab stays signed in when it is loaded again, and forgets the token when told to.
    await page.reload();
    await page.getByRole('heading', { name: 'BTC/USDT' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Access token').waitFor();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    expect([...origins]).toEqual([new URL(url).origin]);
    expect(faults).toEqual([]);
  });

  test('without authentication nobody is asked for a token', async () => {
    await using service = await serve(WINDOW + 5, { authentication: 'none' });
    await using opened = await openPage(browser, service.service.url);
    await opened.page.getByRole('heading', { name: 'Decision 5' }).waitFor();
    await opened.page.locator('.connection.live').waitFor();
    expect(opened.faults).toEqual([]);
  });

  test('decisions appear as they are made, and any of them is explained', async () => {
    await using service = await serve(WINDOW + 40);
    await using opened = await openPage(browser, service.service.url);
    const { page, faults } = opened;
    await signIn(page, service.token);
    await page.getByRole('heading', { name: 'Decision 40' }).waitFor();
    await page.locator('.connection.live').waitFor();
    await feed(service, WINDOW + 40, WINDOW + 60);
    await page.getByRole('heading', { name: 'Decision 60' }).waitFor();
    expect(await listedSequences(page)).toEqual(Array.from({ length: 40 }, (_, k) => 60 - k));

    // With the keyboard alone, from the newest to the third in the list.
    await page.locator('.decisions button').first().focus();
    for (let step = 0; step < 2; step++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const panel = page.locator('#decision');
    await panel.getByRole('heading', { name: 'Decision 58' }).waitFor();
    const answer = await service.ask('GET', `/v1/markets/${MARKET.id}/decisions/58`);
    const { body, hash } = (await answer.json()) as {
      body: { seats: { abstained?: string }[] };
      hash: string;
    };
    const votes = body.seats.filter(({ abstained }) => abstained === undefined).length;
    expect(await panel.locator('.steps li').first().textContent()).toContain(`${votes} of 14`);
    await panel.getByText('Receipt').click();
    await panel.getByText(hash, { exact: true }).waitFor();
    expect(await page.locator('#board tbody tr.vote').count()).toBe(votes);
    expect(await page.locator('#board tbody tr').count()).toBe(14);
    await page.locator('#circuit svg').waitFor();
    await page.locator('#twin .chosen').waitFor();
    await eventually(() => page.locator('#twin').textContent()).toMatch(/Same decision61 of 61/);
    expect(await page.locator('#qubits .entanglement .node').count()).toBe(10);

    // What was picked stays while others arrive.
    await feed(service, WINDOW + 60, WINDOW + 62);
    await eventually(() => listedSequences(page)).toContain(62);
    await panel.getByRole('heading', { name: 'Decision 58' }).waitFor();
    await panel.getByRole('button', { name: 'Back to the newest' }).click();
    await panel.getByRole('heading', { name: 'Decision 62' }).waitFor();
    expect(faults).toEqual([]);
  });

  test('trading is halted and resumed with a reason and a name', async () => {
    await using service = await serve(WINDOW + 40);
    await using opened = await openPage(browser, service.service.url);
    const { page, faults } = opened;
    await signIn(page, service.token);
    const risk = page.locator('#risk');
    const trading = risk.getByRole('status');
    await eventually(() => trading.textContent()).toBe('ACTIVE');
    await risk.getByRole('button', { name: 'Halt' }).click();
    const dialog = page.getByRole('dialog', { name: 'Halt trading?' });
    await dialog.getByRole('button', { name: 'Halt trading' }).click();
    // Nothing is given without a reason and a name.
    expect(await dialog.getByLabel('Reason').evaluate(isInvalid)).toBe(true);
    await dialog.getByLabel('Reason').fill('the feed looks wrong');
    await dialog.getByLabel('Your name').fill('Ada');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await eventually(() => trading.textContent()).toBe('HALTED');
    expect(await riskOf(service)).toBe('HALTED');
    expect(JSON.stringify(await (await service.ask('GET', '/v1/audit')).json())).toMatch(/Ada/);

    await risk.getByRole('button', { name: 'Resume' }).focus();
    await page.keyboard.press('Enter');
    const second = page.getByRole('dialog', { name: 'Resume trading?' });
    await second.waitFor();
    await page.keyboard.press('Escape');
    await second.waitFor({ state: 'detached' });
    // Focus is where it was.
    expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(/^Resume/);
    expect(await riskOf(service)).toBe('HALTED');
    await page.keyboard.press('Enter');
    await second.getByLabel('Reason').fill('it was a false alarm');
    await second.getByLabel('Your name').fill('Ada');
    await second.getByRole('button', { name: 'Resume trading' }).click();
    await eventually(() => trading.textContent()).toBe('ACTIVE');
    expect(await riskOf(service)).toBe('ACTIVE');
    expect(faults).toEqual([]);
  });

  test('a lost connection is told, and nothing is missing after it', async () => {
    using data = temporaryDirectory();
    const first = await serve(WINDOW + 40, { dataDirectory: data.path });
    const port = Number(new URL(first.service.url).port);
    await using opened = await openPage(browser, first.service.url);
    const { page, faults } = opened;
    await signIn(page, first.token);
    await page.locator('.connection.live').waitFor();
    await first[Symbol.asyncDispose]();
    await page.getByText('The connection was lost').waitFor();
    await page.locator('.connection.lost').waitFor();
    // What was known stays on the page.
    await page.getByRole('heading', { name: 'Decision 40' }).waitFor();
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.locator('.connection.lost').waitFor();

    await using again = await runService({
      dashboardDirectory: built.folder,
      dataDirectory: data.path,
      port,
    });
    const asFirst = { authorization: `Bearer ${first.token}` };
    await feed(again, WINDOW + 40, WINDOW + 110, asFirst);
    await page.getByRole('heading', { name: 'Decision 110' }).waitFor();
    await page.locator('.connection.live').waitFor();
    await page.getByText('The connection was lost').waitFor({ state: 'detached' });
    expect(await listedSequences(page)).toEqual(Array.from({ length: 40 }, (_, k) => 110 - k));
    expect(faults).toEqual([]);
  });

  test('the journal is verified on the page', async () => {
    await using service = await serve(WINDOW + 10);
    await using opened = await openPage(browser, service.service.url);
    const { page } = opened;
    await signIn(page, service.token);
    await page.getByRole('button', { name: 'Verify the journal' }).click();
    await page.getByText(/Unbroken/).waitFor();
    expect(await page.locator('#journal').textContent()).toMatch(/11 receipts/);
  });

  test('a token that may only read is told what it may not do, and when it ends', async () => {
    await using service = await serve(WINDOW + 10);
    const wish = { name: 'a guest', scopes: ['markets:read'], expiresInSeconds: 3600 };
    const answer = await service.ask('POST', '/v1/tokens', wish);
    const { token, record } = (await answer.json()) as { token: string; record: { id: string } };
    await using opened = await openPage(browser, service.service.url);
    const { page, faults } = opened;
    await signIn(page, token);
    await page.locator('#latency').getByText('Use a token that has this scope').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.locator('#risk').getByRole('button', { name: 'Halt' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('to see');
    await dialog.getByLabel('Your name').fill('a guest');
    await dialog.getByRole('button', { name: 'Halt trading' }).click();
    await dialog.getByText("the token lacks the scope 'risk:write'").waitFor();
    expect(await riskOf(service)).toBe('ACTIVE');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await service.ask('DELETE', `/v1/tokens/${record.id}`);
    await page.getByRole('button', { name: 'Verify the journal' }).click();
    await page.getByText('The service does not take this token').waitFor();
    await page.getByLabel('Access token').waitFor();
    expect(faults).toEqual([]);
  });

  test('where there is nothing yet the page says what is awaited', async () => {
    await using service = await runService({ dashboardDirectory: built.folder });
    await using opened = await openPage(browser, service.service.url);
    const { page, faults } = opened;
    await signIn(page, service.token);
    await page.getByRole('heading', { name: 'No market yet' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await service.ask('POST', '/v1/markets', MARKET);
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.getByText('Waiting for a whole window').waitFor();
    await page.locator('.connection.live').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    // From the first candle to the first decision without a reload.
    await feed(service, 0, 100);
    await page.getByText('100 of 256 candles').waitFor();
    await feed(service, 100, WINDOW);
    await page.getByRole('heading', { name: 'Decision 0' }).waitFor();
    expect(faults).toEqual([]);
  });

  test.each([
    { width: 1280, colorScheme: 'light' },
    { width: 1280, colorScheme: 'dark' },
    { width: 390, colorScheme: 'light' },
    { width: 390, colorScheme: 'dark' },
  ] as const)('axe finds nothing at $width pixels, $colorScheme', async (look) => {
    await using service = await serve(WINDOW + 60);
    const { width, colorScheme } = look;
    const options = { viewport: { width, height: 844 }, colorScheme };
    await using opened = await openPage(browser, service.service.url, options);
    const { page } = opened;
    await page.getByLabel('Access token').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await signIn(page, service.token);
    await page.locator('#circuit svg').waitFor();
    await page.locator('#twin .chosen').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    // Nothing is cut off at the side.
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    await page.locator('#risk').getByRole('button', { name: 'Kill' }).click();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await service.service.stop();
    await page.getByText('The connection was lost').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test('colours are switched on the page and stay so', async () => {
    await using service = await serve(WINDOW + 5);
    await using opened = await openPage(browser, service.service.url, { colorScheme: 'light' });
    const { page } = opened;
    await signIn(page, service.token);
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.getByLabel('Colours').selectOption('dark');
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.reload();
    expect(await background()).toBe(dark);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test('the first view is at most 300 kB as it travels', async () => {
    await using service = await serve(WINDOW + 60);
    await using opened = await openPage(browser, 'about:blank');
    const { page } = opened;
    const client = await page.context().newCDPSession(page);
    await client.send('Network.enable');
    const addresses = new Map<string, string>();
    let bytes = 0;
    client.on('Network.responseReceived', ({ requestId, response }) => {
      addresses.set(requestId, new URL(response.url).pathname);
    });
    client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      // Headers are in it; what the API answers is not of the page.
      if (/^\/(assets\/|$)/.test(addresses.get(requestId) ?? '')) bytes += encodedDataLength;
    });
    await page.goto(service.service.url);
    await signIn(page, service.token);
    await page.locator('#circuit svg').waitFor();
    // Everything is counted, also the simulator, which is read after the page stands.
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThanOrEqual(300_000);
  });
});

/** Waits as long as it takes; only what hangs is given up. */
function eventually<Value>(read: () => Promise<Value>) {
  return expect.poll(read, { timeout: 30_000 });
}

async function feed(
  service: RunningService,
  from: number,
  to: number,
  headers: object = {},
): Promise<void> {
  const path = `/v1/markets/${MARKET.id}/candles`;
  const answer = await service.ask('POST', path, { candles: CANDLES.slice(from, to) }, headers);
  expect(answer.status).toBe(200);
}

async function listedSequences(page: Page): Promise<number[]> {
  const texts = await page.locator('.decisions .sequence').allTextContents();
  return texts.map(Number);
}

async function riskOf(service: RunningService): Promise<unknown> {
  const answer = await service.ask('GET', `/v1/markets/${MARKET.id}/risk`);
  return ((await answer.json()) as { trading: unknown }).trading;
}

function isInvalid(element: Element): boolean {
  return element.matches(':invalid');
}

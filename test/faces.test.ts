import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { missingServices } from './services.ts';

const missing = missingServices('chromium');
const { url, token, purpose } = inject('embedded');
const OFFLINE = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

describe.skipIf(missing)(`faces in a real browser${missing ? ` (${missing})` : ''}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: OFFLINE });
  });
  afterAll(() => browser?.close());

  /** Opens a page; whatever it complains of, or asks of another host, fails the test. */
  async function open(path: string, size = { width: 1280, height: 900 }): Promise<{ page: Page; complaints: string[] }> {
    const page = await browser.newPage({ viewport: size });
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on(
      'request',
      (request) => request.url().startsWith(url) || request.url().startsWith('data:') || complaints.push(`asked ${request.url()}`),
    );
    await page.goto(`${url}${path}`);
    return { page, complaints };
  }

  test.each([
    ['a screen', { width: 1280, height: 900 }],
    ['a phone', { width: 390, height: 844 }],
  ])('on %s the first page shows five ready libraries, and a click on each question shows its answer', async (_name, size) => {
    const { page, complaints } = await open('/', size);
    await page.waitForSelector('#libraries li:nth-child(5) .state[data-state="READY"]');
    await page.locator('#token').fill(token);
    await page.locator('#purpose').fill(purpose);
    expect(await page.locator('#libraries .state[data-state="READY"]').count()).toBe(5);
    const questions = page.locator('#examples button');
    expect(await questions.count()).toBe(5);
    for (let place = 0; place < 5; place += 1) {
      await questions.nth(place).click();
      await page.locator('#took', { hasText: /\d ms$/ }).waitFor();
      const answer = JSON.parse((await page.locator('#result').textContent()) ?? '');
      expect(answer.errors).toBeUndefined();
      expect(Object.values(answer.data)).not.toContain(null);
    }
    const isWiderThanScreen = await page.locator('html').evaluate((root) => root.scrollWidth > root.clientWidth);
    expect(isWiderThanScreen).toBe(false);
    expect(complaints).toEqual([]);
  });

  test('GraphiQL opens with the README’s question in its first tab and runs it', async () => {
    const { page, complaints } = await open('/');
    await page.locator('#token').fill(token);
    await page.locator('#purpose').fill(purpose);
    await page.goto(`${url}/graphiql`);
    await page.waitForSelector('.graphiql-execute-button');
    await page.locator('.graphiql-execute-button').click();
    await page.locator('.result-window', { hasText: '"household"' }).waitFor();
    const result = await page.locator('.result-window').textContent();
    expect(result).not.toContain('"errors"');
    expect(complaints).toEqual([]);
  });
});

import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import axe, { type AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { missingServices } from './services.ts';

const missing = missingServices('chromium');
const { url, token, purpose } = inject('embedded');

const SIZES = { screen: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };
/** What stands in GraphiQL's own markup and is not ours to mend, each with the reason and what would end it. */
const OF_GRAPHIQL: Readonly<Record<string, string>> = {
  'nested-interactive': 'its tabs hold the button that closes them within the element of the tab; until another release of GraphiQL',
  'scrollable-region-focusable':
    'CodeMirror takes the focus in a text area beside what scrolls, and scrolls by its keys; until GraphiQL’s next editor',
};

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
  async function open(
    path: string,
    size = SIZES.screen,
    colorScheme: 'light' | 'dark' = 'light',
  ): Promise<{ page: Page; complaints: string[] }> {
    const page = await browser.newPage({ viewport: size, colorScheme });
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
    ['a screen', SIZES.screen],
    ['a phone', SIZES.phone],
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

  test('GraphiQL has the schema of the token that stands there, and another one as soon as another stands there', async () => {
    const { page } = await open('/');
    await page.locator('#token').fill(token);
    await page.goto(`${url}/graphiql`);
    // The first question asks for a person, whom the public schema does not know: what a schema has not is underlined.
    const unknown = page.locator('.graphiql-query-editor .CodeMirror-lint-mark-error');
    const headers = page.locator('.CodeMirror:has(textarea[aria-label="Headers"])');
    const type = (text: string) =>
      headers.evaluate(
        (editor, typed) => (editor as unknown as { CodeMirror: { setValue(text: string): void } }).CodeMirror.setValue(typed),
        text,
      );
    const schemaOf = (door: string) =>
      page.waitForResponse((told) => told.url() === `${url}${door}` && /__schema/.test(told.request().postData() ?? ''));
    await page.locator('.graphiql-query-editor .cm-property', { hasText: 'household' }).waitFor();
    await page.locator('.graphiql-spinner').waitFor({ state: 'detached' });
    expect(await unknown.count()).toBe(0);
    const [ofAll] = await Promise.all([schemaOf('/public/graphql'), type('{}')]);
    expect(ofAll.status()).toBe(200);
    await unknown.first().waitFor({ state: 'attached' });
    const [whole] = await Promise.all([schemaOf('/graphql'), type(JSON.stringify({ authorization: `Bearer ${token}` }))]);
    expect(whole.status()).toBe(200);
    await unknown.first().waitFor({ state: 'detached' });
  });

  test('behind a proxy that has the hub stand below a path, pages find all that they need there', async () => {
    const proxy = createServer((asked, answer) => {
      const { url: path = '', method, headers } = asked;
      if (!path.startsWith('/hub/')) return answer.writeHead(404).end();
      const { host: _, ...rest } = headers;
      const passedOn = request(`${url}${path.slice(4)}`, { method, headers: rest }, (told) => {
        answer.writeHead(told.statusCode ?? 0, told.headers);
        told.pipe(answer);
      });
      return asked.pipe(passedOn);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const below = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/hub`;
    const page = await browser.newPage();
    const wrong: string[] = [];
    page.on('response', (told) => told.status() >= 400 && wrong.push(`${told.status()} ${told.url()}`));
    await page.goto(`${below}/`);
    await page.waitForSelector('#libraries li:nth-child(5) .state[data-state="READY"]');
    await page.locator('nav a', { hasText: 'GraphiQL' }).click();
    for (const path of ['/graphiql', '/graphiql/']) {
      await page.goto(`${below}${path}`);
      await page.locator('.graphiql-query-editor .cm-property', { hasText: 'household' }).waitFor();
      await page.locator('.graphiql-spinner').waitFor({ state: 'detached' });
      expect(page.url()).toBe(`${below}/graphiql`);
    }
    expect(wrong).toEqual([]);
    await page.close();
    proxy.closeAllConnections();
    proxy.close();
  });

  describe.each(Object.entries(SIZES))('on a %s', (_name, size) => {
    test.each(['light', 'dark'] as const)('nothing on the pages, on a %s ground, keeps people out', async (scheme) => {
      const { page } = await open('/', size, scheme);
      const found = async (without: readonly string[] = []) => {
        // In the page's own words: this package knows no document.
        const { violations } = await page.evaluate<AxeResults>(`${axe.source}; axe.run(document)`);
        return violations.flatMap(({ id, nodes }) => (without.includes(id) ? [] : nodes.map(({ target }) => `${id}: ${target.join(' ')}`)));
      };
      await page.waitForSelector('#libraries li:nth-child(5) .state[data-state="READY"]');
      await page.locator('#examples button').first().click();
      await page.locator('#took', { hasText: /\d ms$/ }).waitFor();
      expect(await found()).toEqual([]);
      await page.goto(`${url}/graphiql`);
      await page.locator('.graphiql-execute-button').click();
      await page.locator('.result-window', { hasText: '"errors"' }).waitFor();
      expect(await found(Object.keys(OF_GRAPHIQL))).toEqual([]);
      const strip = await page.locator('.graphiql-response').boundingBox();
      expect(strip?.width).toBeGreaterThan(size.width / 3);
    });
  });
});

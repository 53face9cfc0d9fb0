import { hasSharedData, shareOf } from '@dms/testing';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ownSet, standard } from '../test-sets.ts';
import type { WatchedPage } from './browser.ts';
import { drawn, expectQuiet, goTo, noBrowser, openedPages } from './opened-pages.ts';

const { written, open } = openedPages();

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The box of the frame, and the smallest box around all nodes, in pixels of the window. */
async function boxes(page: Page): Promise<{ readonly frame: Box; readonly nodes: Box; readonly count: number }> {
  // the frame follows the window, and the picture follows the frame
  await drawn(page);
  const frame = await page.locator('.picture').boundingBox();
  const found = await page.locator('.picture .node rect').all();
  const rects = (await Promise.all(found.map((each) => each.boundingBox()))).filter((box) => box !== null);
  if (!frame) throw new Error('there is no picture');
  const x = Math.min(...rects.map((box) => box.x));
  const y = Math.min(...rects.map((box) => box.y));
  const right = Math.max(...rects.map((box) => box.x + box.width));
  const bottom = Math.max(...rects.map((box) => box.y + box.height));
  return { frame, nodes: { x, y, width: right - x, height: bottom - y }, count: rects.length };
}

async function draw(page: Page, address: string): Promise<void> {
  // the picture of the previous view must not be mistaken for the next one
  await goTo(page, '/');
  await page.locator('.picture').waitFor({ state: 'detached' });
  await goTo(page, address);
  await page.locator('.picture svg').waitFor();
}

function expectInside({ frame, nodes }: { readonly frame: Box; readonly nodes: Box }): void {
  expect(nodes.x).toBeGreaterThanOrEqual(frame.x);
  expect(nodes.y).toBeGreaterThanOrEqual(frame.y);
  expect(nodes.x + nodes.width).toBeLessThanOrEqual(frame.x + frame.width);
  expect(nodes.y + nodes.height).toBeLessThanOrEqual(frame.y + frame.height);
}

/** The picture fills the frame in one direction, but for its margin. */
function expectFilled({ frame, nodes }: { readonly frame: Box; readonly nodes: Box }): void {
  expect(Math.max(nodes.width / frame.width, nodes.height / frame.height)).toBeGreaterThan(0.85);
}

describe.skipIf(noBrowser)('a diagram (needs a browser)', () => {
  let watched: WatchedPage;
  let page: Page;
  let file: string;

  beforeAll(async () => {
    file = await written('own', ownSet());
    watched = await open(file);
    ({ page } = watched);
  });

  it.each(['/diagram/Campus/School?depth=3', '/diagram/Campus/School?of=tables'])(
    'shows all of it as soon as it is fitted: %s',
    async (view) => {
      await draw(page, view);
      await page.getByRole('button', { name: 'Fit' }).click();
      const shown = await boxes(page);
      expect(shown.count).toBeGreaterThan(10);
      expectInside(shown);
      expectFilled(shown);
    },
  );

  it('fills the window, whatever its size', async () => {
    for (const size of [
      { width: 1440, height: 900 },
      { width: 2200, height: 1200 },
      { width: 1000, height: 700 },
    ]) {
      await page.setViewportSize(size);
      await draw(page, '/diagram/Campus/School?depth=2');
      await page.getByRole('button', { name: 'Fit' }).click();
      const shown = await boxes(page);
      expect(shown.frame.width).toBeGreaterThan(size.width - 60);
      expect(shown.frame.y + shown.frame.height).toBeGreaterThan(size.height - 40);
      expect(shown.frame.y + shown.frame.height).toBeLessThanOrEqual(size.height);
      expectInside(shown);
      expectFilled(shown);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('is whole again after it was moved and scaled', async () => {
    await draw(page, '/diagram/Campus/Section?depth=2');
    const before = await boxes(page);
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await page.locator('.picture').focus();
    await page.keyboard.press('ArrowLeft');
    const moved = await boxes(page);
    expect(moved.nodes.width).toBeCloseTo(before.nodes.width * 1.25, 0);
    await page.getByRole('button', { name: 'Fit' }).click();
    expect(await boxes(page)).toEqual(before);
    const { x, y, width, height } = before.frame;
    await page.mouse.move(x + width / 2, y + 8);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 + 100, y + 58, { steps: 5 });
    await page.mouse.up();
    const dragged = await boxes(page);
    expect(dragged.nodes.x - before.nodes.x).toBeCloseTo(100, 0);
    expect(dragged.nodes.y - before.nodes.y).toBeCloseTo(50, 0);
    expect(dragged.nodes.height).toBeCloseTo(before.nodes.height, 0);
    expect(height).toBeGreaterThan(300);
    expect(page.url()).toContain('Section');
    expectQuiet(watched);
  });

  it('starts with all of it on a small screen too, and two fingers scale it', async () => {
    const small = await open(file, { viewport: { width: 390, height: 844 }, hasTouch: true });
    await draw(small.page, '/diagram/Campus/Section');
    const before = await boxes(small.page);
    expectInside(before);
    expectFilled(before);
    expect(before.frame.width).toBeGreaterThan(340);
    const x = before.frame.x + before.frame.width / 2;
    const y = before.frame.y + before.frame.height / 2;
    const client = await small.page.context().newCDPSession(small.page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', distance: number) =>
      client.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchEnd' ? [] : [-1, 1].map((side) => ({ x: x + side * distance, y, id: side + 1 })),
      });
    await touch('touchStart', 40);
    for (const distance of [50, 60, 70, 80]) await touch('touchMove', distance);
    await touch('touchEnd', 80);
    expect((await boxes(small.page)).nodes.width / before.nodes.width).toBeCloseTo(2, 1);
    expectQuiet(small);
  });
});

/** Pairs of texts that overlap, and texts that leave their boxes. */
const faultsOfTexts = `(() => {
  const texts = [...document.querySelectorAll('.picture text')].map((text) => ({
    name: text.textContent, node: text.closest('.node'), box: text.getBoundingClientRect() }));
  const overlap = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.3 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.3;
  const pairs = texts.flatMap((one, index) => texts.slice(index + 1)
    .filter((other) => (one.node === null || one.node !== other.node) && overlap(one.box, other.box))
    .map((other) => one.name + ' and ' + other.name));
  const outside = texts.filter(({ node, box }) => node && box.right > node.querySelector('rect').getBoundingClientRect().right);
  return [...pairs, ...outside.map(({ name }) => name)];
})()`;

describe.skipIf(noBrowser || !hasSharedData)('a diagram of the standard (needs the shared data)', () => {
  it('has labels that do not overlap on a small screen', async () => {
    const { page } = await open(await written('standard', standard()), { viewport: { width: 390, height: 844 } });
    for (const view of shareOf(['SchoolYearType?depth=3', 'Student', 'School?of=tables'], 3)) {
      await draw(page, `/diagram/Ed-Fi/${view}`);
      await drawn(page);
      expect([view, await page.evaluate(faultsOfTexts)]).toEqual([view, []]);
    }
  });

  it.each(shareOf(['Student', 'EducationOrganization'], 2))(
    'shows all that refer to %s at once, as soon as somebody asks for all and fits them',
    async (name) => {
      const { page } = await open(await written('standard', standard()), { viewport: { width: 1920, height: 1080 } });
      await draw(page, `/diagram/Ed-Fi/${name}?rest=shown`);
      await page.getByRole('button', { name: 'Fit' }).click();
      const shown = await boxes(page);
      expect(shown.count).toBeGreaterThan(30);
      expectInside(shown);
      const title = await page.locator('.picture .node text').first().boundingBox();
      expect(title?.height).toBeGreaterThan(8);
    },
  );
});

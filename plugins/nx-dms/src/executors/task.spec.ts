import { diagnostic, fail } from '@dms/diagnostics';
import { expect, it } from 'vitest';
import { reportTask } from './task.ts';

/*
 * Output that Nx prints and caches contains no control sequences of a terminal and no path of the machine (design 09
 * §1.3).
 */

const task = { root: '/w', project: 'p', target: 't' };
const text = 'of \u001b[31m/w/user: a:b@c Password=';
const shown = 'of [31muser: a:b@c Password=';

it('in its lines, warnings and failures', async () => {
  const entry = diagnostic('DB_OPTION_IGNORED', text);
  const { lines, diagnostics } = await reportTask(task, async () => ({
    lines: [text],
    diagnostics: [entry],
    failures: [entry],
  }));
  expect([...lines, ...diagnostics]).toEqual([
    shown,
    `warning DB_OPTION_IGNORED ${shown}`,
    `warning DB_OPTION_IGNORED ${shown}`,
  ]);
});

it('in what it throws', async () => {
  const { diagnostics } = await reportTask(task, async () => fail('DB_SQL', text));
  expect(diagnostics).toEqual([`error DB_SQL ${shown}`]);
  const bug = new TypeError('at user: a:b@c');
  await expect(reportTask(task, async () => Promise.reject(bug))).rejects.toBe(bug);
});

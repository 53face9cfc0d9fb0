import { diagnostic, fail } from '@dms/diagnostics';
import { expect, it } from 'vitest';
import { reportTask } from './task.ts';

/* What Nx prints and caches of a task holds no secret and steers no terminal (design 09 §1.3). */

const task = { root: '/w', project: 'p', target: 't' };
const text = 'of \u001b[31m/w/postgres:/u:geheim7@h/d';
const shown = 'of [31mpostgres:/u:·······@h/d';

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
  const bug = reportTask(task, async () => Promise.reject(new TypeError('at postgres://u:geheim7@h/d')));
  await expect(bug).rejects.toThrow('at postgres://u:·······@h/d');
  await bug.catch((error) => expect(error.stack).not.toContain('geheim7'));
});

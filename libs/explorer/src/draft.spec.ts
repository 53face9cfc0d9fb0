import { readFileSync, writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { artifactsOf } from '../test/compiled-set.ts';
import { modelPage } from './model-page.ts';
it('draft', async () => {
  const doc = JSON.parse(readFileSync('/work/shared/inputs/ds-5.2-core.json', 'utf8'));
  console.time('artifacts'); const a = artifactsOf([doc]); console.timeEnd('artifacts');
  const c = process.cpuUsage();
  console.time('page'); const p = await modelPage(a); console.timeEnd('page');
  console.log(process.cpuUsage(c));
  writeFileSync('/tmp/x/model.html', p);
  for (const id of ['model','texts','layout']) console.log(id, new RegExp(`id="${id}">([^<]*)<`).exec(p)![1]!.length);
  console.log(p.length);
});

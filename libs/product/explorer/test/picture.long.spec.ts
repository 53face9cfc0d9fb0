import { expect, it } from 'vitest';
import { resourceDiagram } from '../src/diagram/diagram.ts';
import { explored } from './compiled-set.ts';
import { ownSet } from './test-sets.ts';

const resources = { depth: 1, of: 'resources' } as const;

it('a picture is the same bytes each time, with a box for each node and a line for each edge', async () => {
  const set = explored('pgsql', ownSet());
  const text = await resourceDiagram(set, 'Campus:Section', 'svg', resources);
  expect(await resourceDiagram(set, 'Campus:Section', 'svg', resources)).toBe(text);
  const mermaid = (await resourceDiagram(set, 'Campus:Section', 'mermaid', resources)).split('\n');
  expect(text.match(/<g class="node/g)).toHaveLength(mermaid.filter((line) => /^ {2}n\d+[[(]/.test(line)).length);
  expect(text.match(/<g class="edge/g)).toHaveLength(mermaid.filter((line) => /^ {2}n\d+ [-=]/.test(line)).length);
  expect(text).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" /);
});

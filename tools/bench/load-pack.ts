/** `load-pack <file>`: measures one load of a pack in a fresh process, as in a server, and prints the step as JSON. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readPack } from '@dms/packs';

async function measure(file: string): Promise<void> {
  const start = performance.now();
  const { mappingSet } = await readPack(readFileSync(file), file);
  const milliseconds = performance.now() - start;
  if (mappingSet.writePlansByResource.size === 0) throw new Error(`${path.basename(file)} has no plans.`);
  const step = `load pack ${mappingSet.key.dialect}`;
  process.stdout.write(JSON.stringify({ step, milliseconds, peakMegabytes: process.resourceUsage().maxRSS / 1024 }));
}

measure(process.argv[2] ?? '');

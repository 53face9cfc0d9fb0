import path from 'node:path';
import { fail } from '@dms/diagnostics';
import { verifiedUpgradeLines, verifyUpgradeInFolder } from '@dms/pipeline';
import type { ExecutorContext } from 'nx/src/devkit-exports';
import { readMappingSetTask } from '../mapping-set-task.ts';
import { runTask } from '../task.ts';
import type { VerifyUpgradeOptions } from './schema.d.ts';

export default async function run(options: VerifyUpgradeOptions, context: ExecutorContext): Promise<{ success: boolean }> {
  return runTask(context, async () => {
    const task = await readMappingSetTask('verify-upgrade', options, context);
    const { file, mappingSet, dialects, spared, outputDirectory } = task;
    if (mappingSet.upgradeFrom === null) {
      // Only when the target was added by hand: inference makes it where there is a folder.
      const expected = 'a folder relative to dms.json';
      fail('CONFIG_INVALID', `/upgradeFrom is missing; expected ${expected}.`, { file, path: '/upgradeFrom' }, { expected });
    }
    const upgradeFrom = path.join(context.root, mappingSet.upgradeFrom);
    const { verified, ...result } = await verifyUpgradeInFolder({ upgradeFrom, outputDirectory, dialects, spared });
    return { ...result, report: verified.flatMap(verifiedUpgradeLines) };
  });
}

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The variable with the folder in which the workspaces of this run keep the packages that they have installed. */
export const installedVariable = 'NX_DMS_E2E_INSTALLED';

/**
 * Builds both packages before all tests, because they test the build and not the sources. Makes the folder for the
 * installed packages, which is removed when the run ends.
 */
export default function buildPlugin(): () => void {
  const script = fileURLToPath(new URL('../../../tools/build/packages.ts', import.meta.url));
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', script], { stdio: 'inherit' });
  if (status !== 0) throw new Error('The packages cannot be built.');
  const installed = mkdtempSync(path.join(tmpdir(), 'nx-dms-e2e-installed-'));
  process.env[installedVariable] = installed;
  return () => rmSync(installed, { recursive: true, force: true });
}

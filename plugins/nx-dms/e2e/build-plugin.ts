import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds the plugin before all tests, because they test the build and not the sources. */
export default function buildPlugin(): void {
  const script = fileURLToPath(new URL('../../../tools/build/nx-dms.ts', import.meta.url));
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', script], { stdio: 'inherit' });
  if (status !== 0) throw new Error('The plugin cannot be built.');
}

import path from 'node:path';
import { DmsError, formatDiagnostic } from '@dms/diagnostics';
import { expectOneVersion } from '@dms/operations';
import { workspaceRoot } from 'nx/src/utils/workspace-root';

/*
 * Every file of the plugin runs this first (tools/build/packages.ts): another version of `dms-ddl` may lack what the
 * file loads from it. An exception while the plugin is loaded ends every command of Nx.
 */

declare const __VERSION__: string;

const packageFolder = path.dirname(__dirname);

try {
  expectOneVersion({ name: 'nx-dms', version: __VERSION__ }, [packageFolder, workspaceRoot]);
} catch (error) {
  if (error instanceof DmsError) error.message = error.diagnostics.map((entry) => formatDiagnostic(entry)).join('\n');
  throw error;
}

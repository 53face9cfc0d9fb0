import path from 'node:path';
import { sha256Hex } from '@dms/canonical-json';

/**
 * Names projects after their folders (design 10 §4.2): the base name, or the whole path where several folders have one base
 * name. The same name twice would stop every command of Nx; so what is still the same then gets a part of the hash of its path.
 *
 * @param roots folders relative to the workspace, each once
 * @param workspaceName base name of the workspace, for a project in the workspace itself
 */
export function projectNames(roots: readonly string[], workspaceName: string): ReadonlyMap<string, string> {
  const baseNames = roots.map((root) => slug(root === '.' ? workspaceName : path.posix.basename(root)));
  const longNames = roots.map((root, index) => {
    const baseName = baseNames[index] ?? '';
    return baseName !== '' && isOnce(baseName, baseNames) ? baseName : slug(root === '.' ? workspaceName : root) || 'project';
  });
  return new Map(
    roots.map((root, index) => {
      const name = longNames[index] ?? '';
      return [root, isOnce(name, longNames) ? name : `${name}-${sha256Hex(root).slice(0, 8)}`];
    }),
  );
}

function isOnce(name: string, names: readonly string[]): boolean {
  return names.indexOf(name) === names.lastIndexOf(name);
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

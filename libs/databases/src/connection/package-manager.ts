import path from 'node:path';
import { isThere } from '@dms/files';

/** The lock files of package managers, with the command that adds a package for development. */
const managers = [
  { locks: ['pnpm-lock.yaml'], add: 'pnpm add --save-dev' },
  { locks: ['yarn.lock'], add: 'yarn add --dev' },
  { locks: ['bun.lock', 'bun.lockb'], add: 'bun add --dev' },
  { locks: ['package-lock.json', 'npm-shrinkwrap.json'], add: 'npm install --save-dev' },
] as const;

/**
 * The command that installs a package with the package manager of a folder: that of the nearest lock file, here or in a
 * folder above; npm where there is none.
 */
export function installCommand(name: string, folder: string = process.cwd()): string {
  for (let place = path.resolve(folder); ; place = path.dirname(place)) {
    const found = managers.find(({ locks }) => locks.some((lock) => isThere(path.join(place, lock))));
    if (found !== undefined) return `${found.add} ${name}`;
    if (place === path.dirname(place)) return `npm install --save-dev ${name}`;
  }
}

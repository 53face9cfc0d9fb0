/**
 * Refuses to publish packages without their origin: npm proves the provenance of a package by its `repository`, which
 * names the place of this repository; links in messages need it too (docs/release.md).
 *
 *   npx tsx tools/release/publishable.ts
 */
import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folders of the packages that are published. */
export const publishedPackages = ['libs/product/cli', 'plugins/nx-dms'] as const;

/** The members that `package.json` of a package lacks before it can be published. */
export function missingBeforePublishing(folder: string, manifest: string): readonly string[] {
  const { repository = {} } = JSON.parse(manifest);
  const expected = { type: 'git', url: 'git+https://<host>/<path>.git', directory: folder };
  const fits: Readonly<Record<keyof typeof expected, boolean>> = {
    type: repository.type === expected.type,
    url: /^git\+https:\/\/[^/]+\/.+\.git$/.test(repository.url),
    directory: repository.directory === expected.directory,
  };
  return Object.entries(expected)
    .filter(([member]) => !fits[member as keyof typeof expected])
    .map(([member, value]) => `${folder}/package.json: repository.${member} must be ${value}`);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const root = path.resolve(import.meta.dirname, '../..');
  const missing = publishedPackages.flatMap((folder) =>
    missingBeforePublishing(folder, readFileSync(path.join(root, folder, 'package.json'), 'utf8')),
  );
  for (const line of missing) console.error(line);
  process.exitCode = missing.length === 0 ? 0 : 1;
}

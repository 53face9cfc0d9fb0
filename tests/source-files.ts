import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The TypeScript files of folders, without installed and built ones: their texts, by ordered path from the root. */
export const sourceTexts = (folders: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    folders
      .flatMap((folder) =>
        readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
          path.posix.join(folder, name.replaceAll('\\', '/')),
        ),
      )
      .filter((name) => /\.(?:tsx?|mts)$/.test(name) && !/\/(?:node_modules|dist)\//.test(name))
      .sort()
      .map((name) => [name, readFileSync(path.join(root, name), 'utf8')] as const),
  );

const isOfTests = (name: string) => /\/(?:test|e2e)\/|\.spec\.ts$|^libs\/testing\//.test(name);

/** The product files of packages in folders, without everything for tests: as {@link sourceTexts}. */
export const productTexts = (folders: readonly string[] = ['libs', 'plugins']): ReadonlyMap<string, string> =>
  new Map([...sourceTexts(folders)].filter(([name]) => !isOfTests(name)));

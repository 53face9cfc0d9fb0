import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fail } from '@dms/diagnostics';
import { expectEmptyFolder, fileName, newFolder, outputError } from '@dms/files';
import { mustExist } from '@dms/model';
import type { FoundSchema, FoundSchemas } from '../../sources/find-schemas.ts';
import { mappingSetFile } from '../../sources/mapping-set/mapping-set.ts';

/** The files that were written into a folder. */
export interface WrittenSchemas {
  /** The place of each schema, in the order of the schemas. */
  readonly files: readonly string[];
  /** The places of files in the older format. */
  readonly older: readonly string[];
  /** The `dms.json`; null if there is no schema of the current format to name. */
  readonly config: string | null;
}

/** The value of a `dms.json` that names these files, with defaults for everything else. */
export const setOf = (schemas: readonly string[]) => ({ schemas: schemas.map(withSlashes) });

/**
 * Copies the files byte for byte into a new folder, each into a folder named after its project, with a `dms.json` that
 * names the files of the current format. Writes everything, or leaves the folder as it was. Throws `INPUT_VALUE_UNSAFE`
 * for an endpoint that cannot be the name of a folder, `CONFIG_SCHEMA_DUPLICATE`, `DDL_OUTPUT_NOT_EMPTY` and
 * `OUTPUT_*`.
 */
export async function writeSchemas(folder: string, found: FoundSchemas): Promise<WrittenSchemas> {
  const { schemas, older } = found;
  const files = schemas.map(placeOf);
  const olderFiles = older.map((file, index) =>
    placeOf({ file, endpoint: index === 0 ? 'older-format' : `older-format-${index + 1}`, project: file }),
  );
  const sources = [...schemas.map(({ file }) => file), ...older];
  checkPlaces([...files, ...olderFiles], sources);
  await expectEmptyFolder(folder);
  const { place, keep, discard } = await newFolder(folder);
  try {
    for (const [index, file] of [...files, ...olderFiles].entries()) {
      const target = path.join(place, file);
      const bytes = await found.bytesOf(mustExist(sources[index], file));
      await writing(path.join(folder, file), async () => {
        await mkdir(path.dirname(target), { recursive: true });
        await writeFile(target, bytes);
      });
    }
    // a `dms.json` without a schema would be invalid
    if (files.length > 0) await writing(folder, () => writeFile(path.join(place, mappingSetFile), textOf(files)));
    await keep(mappingSetFile);
  } finally {
    discard();
  }
  const inFolder = (file: string) => path.join(folder, file);
  return {
    files: files.map(inFolder),
    older: olderFiles.map(inFolder),
    config: files.length > 0 ? inFolder(mappingSetFile) : null,
  };
}

/** The place of a file in the new folder: its own name in the folder of its project. */
function placeOf({ file, endpoint, project }: Pick<FoundSchema, 'file' | 'endpoint' | 'project'>): string {
  const base = file.split(/[/\\]/).at(-1) ?? '';
  const where = { file };
  return path.join(fileName(endpoint, `The endpoint of ${project}`, where), fileName(base, 'The file', where));
}

const withSlashes = (file: string) => file.replaceAll('\\', '/');

const textOf = (schemas: readonly string[]) => `${JSON.stringify(setOf(schemas), null, 2)}\n`;

/** Reports a failure of the system with the place that people know. */
const writing = (target: string, work: () => Promise<void>): Promise<void> =>
  work().catch((error: unknown) => {
    throw outputError(error, target);
  });

/** Refuses two files with one place, ignoring letter case. */
function checkPlaces(places: readonly string[], files: readonly string[]): void {
  const known = new Map<string, string>();
  places.forEach((place, index) => {
    const file = mustExist(files[index], 'a file');
    const other = known.get(place.toLowerCase());
    if (other !== undefined) {
      const text = `${other} and ${file} would both be written to ${place}; name one of them only.`;
      fail('CONFIG_SCHEMA_DUPLICATE', text, { file }, { paths: [other, file], project: place });
    }
    known.set(place.toLowerCase(), file);
  });
}

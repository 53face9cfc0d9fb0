import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fail } from '@dms/diagnostics';
import { expectEmptyFolder, fileName, newFolder, outputError } from '@dms/files';
import { mustExist } from '@dms/model';
import type { FoundSchema, FoundSchemas } from './find-schemas.ts';
import { mappingSetFile } from './mapping-set/mapping-set.ts';

/** What was written into a folder. */
export interface WrittenSchemas {
  /** The place of each schema, in the order of the schemas. */
  readonly files: readonly string[];
  /** The places of files in the older format. */
  readonly older: readonly string[];
  /** The `dms.json`; null where there is no schema of the current format to name. */
  readonly config: string | null;
}

/** The place of a file in the new folder: the folder of its project, and its own name. */
function placeOf({ file, endpoint, project }: Pick<FoundSchema, 'file' | 'endpoint' | 'project'>): string {
  const base = file.split(/[/\\]/).at(-1) ?? '';
  const where = { file };
  return path.join(fileName(endpoint, `The endpoint of ${project}`, where), fileName(base, 'The file', where));
}

const withSlashes = (file: string) => file.replaceAll('\\', '/');

/** A `dms.json` that names these files, and leaves everything else as usual. */
export const setOf = (schemas: readonly string[]) => ({ schemas: schemas.map(withSlashes) });

const textOf = (schemas: readonly string[]) => `${JSON.stringify(setOf(schemas), null, 2)}\n`;

/** A failure of the system is about the place that people know. */
const writing = (target: string, work: () => Promise<void>): Promise<void> =>
  work().catch((error: unknown) => {
    throw outputError(error, target);
  });

/** Two files cannot have one place, also where letter case does not count. */
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

/**
 * Copies the files into a new folder, each byte for byte into a folder that is called after its project, with a
 * `dms.json` that names those of the current format. The folder has all of it, or is as it was. Throws
 * `INPUT_VALUE_UNSAFE` for an endpoint that no folder can be called, `CONFIG_SCHEMA_DUPLICATE`, `DDL_OUTPUT_NOT_EMPTY`
 * and `OUTPUT_*`.
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
    // a set without a schema would be a mistake of its own
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

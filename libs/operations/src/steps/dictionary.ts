import { type DictionaryFormat, dictionaryCells, dictionaryFormats, dictionaryRows } from '@dms/explorer';
import { writeOutput } from '@dms/files';
import type { RelationalModelSet } from '@dms/model';
import { dialects as allDialects } from '@dms/sql';
import { documentSchemasFormat, modelFormat } from '../engine/artifact-formats.ts';
import { folderStore, odsMappingOf } from '../engine/stores.ts';
import { dialectsOfArtifacts } from '../sources/source.ts';

export interface DictionaryOptions {
  /** The folder with the artifacts. */
  readonly artifacts: string;
  readonly format: DictionaryFormat;
  /** The file; the text is returned without one. */
  readonly output?: string | undefined;
  /** Called before each part of the work, with its name. */
  readonly onProgress?: ((part: string) => void) | undefined;
}

export interface Dictionary {
  readonly rows: number;
  /** How many rows have a definition. */
  readonly definitions: number;
  readonly content: string | Uint8Array;
}

/**
 * `dms-ddl dictionary`: what each resource and each value means, and where it is stored (design 13 §7). Throws the codes of reading artifacts
 * and `OUTPUT_*`.
 */
export async function dictionary({ artifacts, format, output, onProgress }: DictionaryOptions): Promise<Dictionary> {
  const store = folderStore(artifacts);
  const found = await dialectsOfArtifacts(artifacts);
  const models: RelationalModelSet[] = [];
  for (const dialect of found.length > 0 ? found : allDialects) {
    onProgress?.(`read ${dialect}`);
    models.push(await store.read(modelFormat, dialect));
  }
  const mapping = await odsMappingOf(store);
  const rows = dictionaryRows(models, await store.read(documentSchemasFormat), mapping);
  await store.checkUnchanged();
  const cells = dictionaryCells(
    rows,
    models.map(({ dialect }) => dialect),
    mapping !== undefined,
  );
  const content = await dictionaryFormats[format](cells);
  if (output !== undefined) await writeOutput('dictionary', output, content);
  return { rows: rows.length, definitions: rows.filter(({ definition }) => definition !== '').length, content };
}

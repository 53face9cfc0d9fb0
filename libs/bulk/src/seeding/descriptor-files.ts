import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { compareOrdinal, inputError, inputSize } from '@dms/canonical-json';
import { type Diagnostic, fail } from '@dms/diagnostics';
import type { RawDescriptor } from './descriptor-entry.ts';
import { readDescriptorJson } from './descriptor-json.ts';
import { readDescriptorXml } from './descriptor-xml.ts';

interface DescriptorFile {
  readonly file: string;
  readonly isFromFolder: boolean;
}

const isDescriptorFile = (name: string) => /\.(xml|json)$/i.test(name);

/** The files that a path stands for: the file itself, or the files of a folder by name. */
async function filesAt(place: string): Promise<DescriptorFile[]> {
  try {
    if (!(await stat(place)).isDirectory()) return [{ file: place, isFromFolder: false }];
    const names = (await readdir(place)).filter(isDescriptorFile).sort(compareOrdinal);
    return names.map((name) => ({ file: path.join(place, name), isFromFolder: true }));
  } catch (error) {
    throw inputError(error, place);
  }
}

/**
 * The descriptors in the files of all paths, one after another (design 09 §8.1). Throws `SEED_NO_FILES` for a path without
 * files, and the codes of reading them.
 */
export async function* readDescriptors(
  paths: readonly string[],
  onDiagnostic: (entry: Diagnostic) => void,
): AsyncGenerator<RawDescriptor> {
  for (const place of paths) {
    const files = await filesAt(place);
    if (files.length === 0)
      fail('SEED_NO_FILES', `The folder ${place} has no file that ends in .xml or .json.`, { file: place }, { path: place });
    for (const { file, isFromFolder } of files) {
      await inputSize(file);
      if (/\.json(\.gz)?$/i.test(file)) yield* readDescriptorJson(file);
      else yield* readDescriptorXml(file, { skipsOthers: isFromFolder, onDiagnostic });
    }
  }
}

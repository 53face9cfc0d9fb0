import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Diagnostic, DmsError, diagnostic, fail } from '@dms/diagnostics';
import { compareOrdinal, inputError, inputSize } from '@dms/files';
import { openFile } from '../files/text-records.ts';
import { descriptorFields } from '../interchange/mapping/descriptor-fields.ts';
import { readElements } from '../interchange/xml/read-elements.ts';
import { type RawDescriptor, readDescriptorJson } from './descriptor-json.ts';

/** Options and callbacks for reading an XML file. */
interface XmlOptions {
  /** Skips an interchange without descriptors with a note instead of failing. */
  readonly skipsOthers: boolean;
  readonly onDiagnostic: (entry: Diagnostic) => void;
}

/** A file that is skipped. */
class OtherInterchange extends Error {}

/** Warns of members that are not fields, of each name once. */
function ignoredFields(file: string, onDiagnostic: XmlOptions['onDiagnostic']) {
  const ignored = new Set<string>();
  return (others: ReturnType<typeof descriptorFields>['others']): void => {
    for (const { name, line } of others) {
      if (ignored.has(name)) continue;
      ignored.add(name);
      const text = `<${name}> is not a field of a descriptor. It is ignored.`;
      onDiagnostic(diagnostic('SEED_FIELD_IGNORED', text, { file, line }, { name }));
    }
  };
}

/**
 * The descriptors of an interchange file (design 09 §8.1), read as a stream: memory does not grow with the file.
 * Namespaces and prefixes do not matter.
 */
async function* readDescriptorXml(
  file: string,
  { skipsOthers, onDiagnostic }: XmlOptions,
): AsyncGenerator<RawDescriptor> {
  const onRoot = (name: string, line: number) => {
    if (name === 'InterchangeDescriptors' || name === 'InterchangeDescriptor') return;
    if (skipsOthers && name.startsWith('Interchange')) throw new OtherInterchange(name);
    const text = `The file is <${name.slice(0, 80)}>, not <InterchangeDescriptors>.`;
    fail('SEED_NOT_DESCRIPTORS', text, { file, line });
  };
  const warnOf = ignoredFields(file, onDiagnostic);
  try {
    for await (const read of readElements(openFile(file), file, { malformed: 'SEED_NOT_DESCRIPTORS', onRoot })) {
      if (read.kind === 'too-large') throw new DmsError([read.problem]);
      const { element } = read;
      const { fields, repeated, others } = descriptorFields(element);
      warnOf(others);
      const [again] = repeated;
      if (again)
        fail('SEED_NOT_DESCRIPTORS', `The file has <${again.name}> twice in one descriptor.`, {
          file,
          line: again.line,
        });
      yield {
        projectName: null,
        resourceName: element.name,
        fields: Object.fromEntries(fields),
        file,
        line: element.line,
      };
    }
  } catch (error) {
    if (!(error instanceof OtherInterchange)) throw inputError(error, file);
    const text = `${file} is <${error.message.slice(0, 80)}> and holds no descriptors; it is skipped.`;
    onDiagnostic(diagnostic('SEED_FILE_SKIPPED', text, { file }, { root: error.message }));
  }
}

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
 * The descriptors in the files of all paths, one after another (design 09 §8.1). Throws `SEED_NO_FILES` for a path
 * without files, and the codes of reading them.
 */
export async function* readDescriptors(
  paths: readonly string[],
  onDiagnostic: (entry: Diagnostic) => void,
): AsyncGenerator<RawDescriptor> {
  for (const place of paths) {
    const files = await filesAt(place);
    if (files.length === 0)
      fail(
        'SEED_NO_FILES',
        `The folder ${place} has no file that ends in .xml or .json.`,
        { file: place },
        { path: place },
      );
    for (const { file, isFromFolder } of files) {
      await inputSize(file);
      if (/\.json(\.gz)?$/i.test(file)) yield* readDescriptorJson(file);
      else yield* readDescriptorXml(file, { skipsOthers: isFromFolder, onDiagnostic });
    }
  }
}

import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Diagnostic, DmsError, diagnostic, fail } from '@dms/diagnostics';
import type { FilePlace } from '@dms/documents';
import { inputError, inputSize } from '@dms/files';
import { compareOrdinal, isJsonObject, type JsonObject } from '@dms/values';
import { openFile, readingError, recordValue, textRecords } from '../files/text-records.ts';
import { readElements, trimmed, type XmlElement } from '../interchange/read-elements.ts';

/**
 * The descriptors in the files of all paths, one after another (design 14a §4.1). Throws `SEED_NO_FILES` for a path
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

interface DescriptorFile {
  readonly file: string;
  readonly isFromFolder: boolean;
}

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

const isDescriptorFile = (name: string) => /\.(xml|json)$/i.test(name);

/**
 * The descriptors of a JSON file (design 14a §4.1): an array of objects with a `resource` each, or an object of arrays
 * by the name of the resource or endpoint. The file is streamed.
 */
async function* readDescriptorJson(file: string): AsyncGenerator<RawDescriptor> {
  for await (const record of textRecords(file, 'elements')) {
    const place = { file, line: record.line };
    const value = recordValue(record, file);
    if (!isJsonObject(value)) fail('SEED_NOT_DESCRIPTORS', 'This is not an object, so it is not a descriptor.', place);
    const resource = record.key ?? value.get('resource');
    if (typeof resource !== 'string')
      return fail('SEED_NOT_DESCRIPTORS', 'This object has no member "resource" that names a descriptor.', place);
    yield rawDescriptor(value, resource, place);
  }
}

/** Options and callbacks for reading an XML file. */
interface XmlOptions {
  /** Skips an interchange without descriptors with a note instead of failing. */
  readonly skipsOthers: boolean;
  readonly onDiagnostic: (entry: Diagnostic) => void;
}

/** A file that is skipped. */
class OtherInterchange extends Error {}

/**
 * The descriptors of an interchange file (design 14a §4.1), read as a stream: memory does not grow with the file.
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
      if (read.kind === 'too-large') throw new DmsError([read.diagnostic]);
      const { element } = read;
      const { fields, repeated, others } = elementFields(element);
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
    if (!(error instanceof OtherInterchange)) throw readingError(error, file);
    const text = `${file} is <${error.message.slice(0, 80)}> and holds no descriptors; it is skipped.`;
    onDiagnostic(diagnostic('SEED_FILE_SKIPPED', text, { file }, { root: error.message }));
  }
}

/** Warns once of each name that is not a field. */
function ignoredFields(file: string, onDiagnostic: XmlOptions['onDiagnostic']) {
  const ignored = new Set<string>();
  return (others: ReturnType<typeof elementFields>['others']): void => {
    for (const { name, line } of others) {
      if (ignored.has(name)) continue;
      ignored.add(name);
      const text = `<${name}> is not a field of a descriptor. It is ignored.`;
      onDiagnostic(diagnostic('SEED_FIELD_IGNORED', text, { file, line }, { name }));
    }
  };
}

/** Fields of a descriptor, by their names in JSON. */
export const descriptorFields = [
  'namespace',
  'codeValue',
  'shortDescription',
  'description',
  'effectiveBeginDate',
  'effectiveEndDate',
] as const;

export type DescriptorField = (typeof descriptorFields)[number];

/** A descriptor as written in a file. */
export interface RawDescriptor extends FilePlace {
  /** Null if the file does not name it. */
  readonly projectName: string | null;
  /** The name of the resource or of its endpoint, in any letter case. */
  readonly resourceName: string;
  /** Undefined if it is absent or JSON null. A value that is not text is not valid for a field. */
  readonly fields: Readonly<Partial<Record<DescriptorField, unknown>>>;
}

/** A descriptor from the members of an object. It is named by its resource or endpoint, with or without the project. */
export function rawDescriptor(object: JsonObject, name: string, place: FilePlace): RawDescriptor {
  const fields: Partial<Record<DescriptorField, unknown>> = {};
  for (const field of descriptorFields) {
    const value = object.get(field);
    if (value !== undefined && value !== null) fields[field] = value;
  }
  return { ...nameParts(name), fields, ...place };
}

/** `Ed-Fi:GradeLevelDescriptor`, or the name without a project. */
function nameParts(name: string): Pick<RawDescriptor, 'projectName' | 'resourceName'> {
  const colon = name.indexOf(':');
  return colon < 0
    ? { projectName: null, resourceName: name }
    : { projectName: name.slice(0, colon), resourceName: name.slice(colon + 1) };
}

/** The elements of a descriptor and their names in JSON; all descriptors have the same (design 14a §4.1). */
const fieldOf: ReadonlyMap<string, string> = new Map(
  descriptorFields.map((field) => [`${field.charAt(0).toUpperCase()}${field.slice(1)}`, field]),
);

interface DescriptorFields {
  /** Texts by their names in JSON. */
  readonly fields: ReadonlyMap<string, string>;
  /** Elements that repeat a field. */
  readonly repeated: readonly XmlElement[];
  /** Elements that are not fields. */
  readonly others: readonly XmlElement[];
}

/** Reads the fields of a descriptor. */
export function elementFields({ children }: XmlElement): DescriptorFields {
  const fields = new Map<string, string>();
  const [repeated, others]: [XmlElement[], XmlElement[]] = [[], []];
  for (const child of children) {
    const field = fieldOf.get(child.name);
    if (field === undefined) others.push(child);
    else if (fields.has(field)) repeated.push(child);
    else fields.set(field, trimmed(child.text));
  }
  return { fields, repeated, others };
}

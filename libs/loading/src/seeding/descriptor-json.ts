import { fail } from '@dms/diagnostics';
import type { FilePlace } from '@dms/documents';
import { isJsonObject, type JsonObject } from '@dms/files';
import { recordValue, textRecords } from '../files/text-records.ts';

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

/** `Ed-Fi:GradeLevelDescriptor`, or the name without a project. */
function nameParts(name: string): Pick<RawDescriptor, 'projectName' | 'resourceName'> {
  const colon = name.indexOf(':');
  return colon < 0
    ? { projectName: null, resourceName: name }
    : { projectName: name.slice(0, colon), resourceName: name.slice(colon + 1) };
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

/**
 * The descriptors of a JSON file (design 09 §8.1): an array of objects with a `resource` each, or an object of arrays
 * by the name of the resource or endpoint. The file is streamed.
 */
export async function* readDescriptorJson(file: string): AsyncGenerator<RawDescriptor> {
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

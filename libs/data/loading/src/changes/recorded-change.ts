import { type Diagnostic, type DiagnosticLocation, diagnostic, type RowPlace } from '@dms/diagnostics';
import type { TrackedChange } from '@dms/documents';
import { isJsonObject, JsonNumber, type JsonObject, type JsonValue, jsonText } from '@dms/values';

/** A delete or a changed key that another database has recorded. */
export interface RecordedChange extends TrackedChange {
  /** The file and line of the change; empty for a change that does not come from a file. */
  readonly file: string;
  readonly line: number;
  /** The row that had the old key, for a change that does not come from a file. */
  readonly row?: RowPlace | undefined;
}

/** The counts of recorded and applied changes. */
export interface ChangeCounts {
  /** The deletes and changed keys of the input. */
  readonly recorded: number;
  /** Documents that were given another key. */
  readonly keysChanged: number;
  /** Documents that were written again because they repeat such a key. */
  readonly rewritten: number;
  readonly deleted: number;
}

/** A change as an object of JSON, in the form of `dms-ddl changes` (design 17 §8); numbers keep their digits. */
export const changeValue = ({ kind, resource, uuid, changeVersion, oldKey, newKey }: TrackedChange): JsonObject =>
  new Map<string, JsonValue>([
    ['changeVersion', new JsonNumber(String(changeVersion))],
    ['kind', kind],
    ['resource', resource],
    ['uuid', uuid],
    ['oldKey', oldKey],
    ...(newKey === null ? [] : [['newKey', newKey] as const]),
  ]);

export const changeLine = (change: TrackedChange): string => jsonText(changeValue(change));

/** A change from its object of JSON; undefined for anything else. */
export function parseChange(value: JsonValue): TrackedChange | undefined {
  if (!isJsonObject(value)) return undefined;
  const kind = value.get('kind');
  const resource = value.get('resource');
  const uuid = value.get('uuid');
  const [version, oldKey, newKey = null] = [value.get('changeVersion'), value.get('oldKey'), value.get('newKey')];
  if (kind !== 'delete' && kind !== 'keyChange') return undefined;
  if (typeof resource !== 'string' || typeof uuid !== 'string') return undefined;
  if (!(version instanceof JsonNumber) || !/^-?\d+$/.test(version.lexeme)) return undefined;
  if (oldKey === undefined || !isJsonObject(oldKey)) return undefined;
  if (kind === 'delete' ? newKey !== null : newKey === null || !isJsonObject(newKey)) return undefined;
  const key = newKey !== null && isJsonObject(newKey) ? newKey : null;
  return { kind, resource, uuid: uuid.toLowerCase(), changeVersion: BigInt(version.lexeme), oldKey, newKey: key };
}

/** The diagnostic of a value that should be a change and is not. */
export function noChange(where: DiagnosticLocation): Diagnostic {
  const text =
    'This is not a delete or a changed key: an object with "changeVersion", "kind", "resource", "uuid", "oldKey" and, for a keyChange, "newKey".';
  return diagnostic('DOCUMENT_VALUE_INVALID', text, where);
}

/** The values of a key, in messages. */
export const keyValues = (key: JsonObject): string =>
  [...key].map(([path, value]) => `$.${path} = ${shown(value)}`).join(', ');

const shown = (value: JsonValue) => (value instanceof JsonNumber ? value.lexeme : jsonText(value));

/** The document that a change is about, in messages. */
export const changedDocument = (resource: string, key: JsonObject): string => `${resource} with ${keyValues(key)}`;

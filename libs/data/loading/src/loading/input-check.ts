import { counted, type Diagnostic, diagnostic } from '@dms/diagnostics';
import {
  type DocumentPlans,
  defaultTextLimit,
  documentDiagnostics,
  mergedDiagnostics,
  type SchemaCheck,
} from '@dms/documents';
import { modelIndex, mustExist } from '@dms/model';
import { isJsonArray, isJsonObject, JsonNumber, type JsonObject, type JsonValue, jsonText } from '@dms/values';
import { descriptorResolver } from '../seeding/resolve-descriptor.ts';
import { checkedDescriptor } from './load-descriptors.ts';

interface InputCheckOptions {
  /** Null where documents are checked against the model only. */
  readonly schemaCheck: SchemaCheck | null;
  /** Called for documents of which the JSON schemas have not checked everything. */
  readonly onWarning: (warning: Diagnostic) => void;
}

/** What a caller already knows about a document. */
interface KnownDiagnostics {
  /** The diagnostics of its check against the model, where the caller has made it. */
  readonly ofModel?: readonly Diagnostic[] | undefined;
}

/**
 * Checks documents and descriptors as `load` does before it queries the database (design 14 §1, 14a §4.2), for programs
 * that make its input. The returned function takes the label of a resource and a document, and returns the diagnostics
 * for which `load` would refuse it.
 */
export function inputCheck(
  plans: DocumentPlans,
  { schemaCheck, onWarning }: InputCheckOptions,
): (label: string, document: JsonObject, known?: KnownDiagnostics) => readonly Diagnostic[] {
  const { model } = plans.mappingSet;
  const { resources } = modelIndex(model);
  const resolve = descriptorResolver(model);
  return (label, document, { ofModel } = {}) => {
    const { resourceKey, storageKind } = mustExist(resources.get(label), `the resource ${label}`);
    if (storageKind === 'SharedDescriptorTable') {
      const raw = { ...resourceKey, fields: Object.fromEntries(document), file: '', line: 0 };
      const checked = checkedDescriptor(raw, resolve, schemaCheck, onWarning);
      return checked.kind === 'refused' ? checked.diagnostics : [];
    }
    const placed = { document, file: '', line: 0 };
    const ofSchema = schemaCheck?.diagnosticsOf(label, [placed], onWarning)[0] ?? [];
    const found = mergedDiagnostics(ofModel ?? documentDiagnostics(plans, resourceKey, document), ofSchema);
    return found.length > 0 ? found : tooLarge(label, document);
  };
}

function tooLarge(resource: string, document: JsonObject): Diagnostic[] {
  const bytes = mostBytes(document) > defaultTextLimit ? Buffer.byteLength(jsonText(document)) : 0;
  if (bytes <= defaultTextLimit) return [];
  const text = `${resource} is a document of ${counted(bytes, 'byte')}; the limit is ${defaultTextLimit}.`;
  return [diagnostic('DOCUMENT_TOO_LARGE', text, { resource, path: '$' }, { bytes, limit: defaultTextLimit })];
}

/** The number of bytes of a value in JSON, or more. */
function mostBytes(value: JsonValue): number {
  if (typeof value === 'string') return longestText(value);
  if (value instanceof JsonNumber) return value.lexeme.length;
  let bytes = 'false'.length;
  if (isJsonArray(value)) for (const each of value) bytes += mostBytes(each) + 1;
  else if (isJsonObject(value)) for (const [name, each] of value) bytes += longestText(name) + mostBytes(each) + 2;
  return bytes;
}

/** A text of JSON has at most six bytes for a code unit, and two quotes. */
const longestText = (text: string) => 6 * text.length + 2;

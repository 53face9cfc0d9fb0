import { labelledResource } from '@dms/api-schema';
import { checkDocument, schemaCheck } from '@dms/documents';
import type { JsonObject } from '@dms/values';
import type { Compiled } from './bench.ts';

/**
 * The documents of a database that a load into a fresh one refuses, by their uuids, with the first reason. References
 * to missing documents are not checked.
 */
export function invalidDocuments(
  { schemas, plans }: Compiled,
  documents: ReadonlyMap<string, { readonly resource: string; readonly document: JsonObject }>,
): ReadonlyMap<string, string> {
  const check = schemaCheck(schemas);
  return new Map(
    [...documents].flatMap(([uuid, { resource, document }]) => {
      const ofSchema = check.diagnosticsOf(resource, [{ document, file: uuid, line: 1 }], () => undefined).flat();
      const ofModel = checkDocument(plans, labelledResource(resource), document).diagnostics;
      const [first] = [...ofSchema, ...ofModel];
      return first === undefined ? [] : [[uuid, `${uuid}: ${first.message}`] as const];
    }),
  );
}

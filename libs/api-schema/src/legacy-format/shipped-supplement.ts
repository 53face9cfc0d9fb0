import { isJsonObject, type JsonObject, type JsonValue, toJsonValue } from '@dms/files';
import { parseJsonPath } from '../json-path.ts';
import type { ApiSchemaDocument } from '../load.ts';
import { schemaAt } from './mapping-entry.ts';
import { type Digits, shippedDigits } from './shipped-digits.ts';

/** How many numbers of a project have digits that the product knows. */
export interface ShippedFacts {
  /** `Ed-Fi 5.1.0`. */
  readonly project: string;
  readonly numbers: number;
}

const isNumber = (resource: JsonObject, text: string): boolean => {
  const parsed = parseJsonPath(text);
  return 'path' in parsed && schemaAt(resource.get('jsonSchemaForInsert'), parsed.path)?.get('type') === 'number';
};

const infosOf = (known: Readonly<Record<string, Digits>>, resource: JsonObject) =>
  Object.entries(known).flatMap(([path, [totalDigits, decimalPlaces]]) =>
    isNumber(resource, path) ? [{ path, totalDigits, decimalPlaces }] : [],
  );

/**
 * A supplement with the digits that the product knows of published projects, by project name and version (design 01 §12.2 step 7). What the file
 * itself or a supplement of the user says about the digits of a resource comes first. Nothing is known of other projects.
 */
export function withShippedDigits(
  { file, root }: ApiSchemaDocument,
  own?: ApiSchemaDocument,
): { readonly supplement: ApiSchemaDocument | undefined; readonly shipped: readonly ShippedFacts[] } {
  const projects = isJsonObject(root) ? root.get('projectSchemas') : undefined;
  // what is malformed is reported by the conversion
  if (!isJsonObject(projects) || (own !== undefined && !isJsonObject(own.root))) return { supplement: own, shipped: [] };
  const members = new Map<string, JsonValue>(own !== undefined && isJsonObject(own.root) ? own.root : []);
  const shipped: ShippedFacts[] = [];
  for (const project of projects.values()) {
    if (!isJsonObject(project)) continue;
    const name = `${project.get('projectName')} ${project.get('projectVersion')}`;
    const resources = project.get('resourceSchemas');
    let numbers = 0;
    for (const [endpoint, known] of Object.entries(shippedDigits[name] ?? {})) {
      const resource = isJsonObject(resources) ? resources.get(endpoint) : undefined;
      const given = members.get(endpoint);
      if (!isJsonObject(resource) || (given !== undefined && !isJsonObject(given))) continue;
      if (resource.has('decimalPropertyValidationInfos') || given?.has('decimalPropertyValidationInfos')) continue;
      const infos = infosOf(known, resource);
      numbers += infos.length;
      members.set(endpoint, new Map([...(given ?? []), ['decimalPropertyValidationInfos', toJsonValue(infos)]]));
    }
    if (numbers > 0) shipped.push({ project: name, numbers });
  }
  return { supplement: members.size === 0 ? own : { file: own?.file ?? file, root: members }, shipped };
}

import { isJsonObject, type JsonObject, type JsonValue, toJsonValue } from '@dms/files';
import { parseJsonPath } from '../json-path.ts';
import type { ApiSchemaDocument } from '../load.ts';
import { schemaAt } from './mapping-entry.ts';
import { type Digits, shippedDigits, shippedDurations } from './shipped-facts.ts';

/** What the product knows of a project. */
export interface ShippedFacts {
  /** `Ed-Fi 5.1.0`. */
  readonly project: string;
  /** How many numbers have known digits. */
  readonly numbers: number;
  /** How many values that the file calls numbers are durations. */
  readonly durations: number;
}

const isNumber = (resource: JsonObject, text: string): boolean => {
  const parsed = parseJsonPath(text);
  return 'path' in parsed && schemaAt(resource.get('jsonSchemaForInsert'), parsed.path)?.get('type') === 'number';
};

const infosOf = (known: Readonly<Record<string, Digits>>, resource: JsonObject) =>
  Object.entries(known).flatMap(([path, [totalDigits, decimalPlaces]]) =>
    isNumber(resource, path) ? [{ path, totalDigits, decimalPlaces }] : [],
  );

/** A supplement of an endpoint. */
type Members = Map<string, JsonValue>;

/**
 * Adds the digits that are known, unless the file or the user says something about them. Returns how many there are.
 */
function addDigits(known: Readonly<Record<string, Digits>>, resource: JsonObject, members: Members): number {
  const member = 'decimalPropertyValidationInfos';
  const infos = infosOf(known, resource);
  if (infos.length === 0 || resource.has(member) || members.has(member)) return 0;
  members.set(member, toJsonValue(infos));
  return infos.length;
}

/** Adds the durations that are known, unless the user names others. Returns how many there are. */
function addDurations(known: readonly string[], resource: JsonObject, members: Members): number {
  const paths = known.filter((path) => isNumber(resource, path));
  if (paths.length === 0 || members.has('durations')) return 0;
  members.set('durations', paths);
  return paths.length;
}

/**
 * A supplement with what the product knows of published projects, by project name and version: digits of numbers, and
 * numbers that are durations (design 01 §12.2 step 7). What the file itself or a supplement of the user says about a
 * resource comes first. Nothing is known of other projects.
 */
export function withShippedFacts(
  { file, root }: ApiSchemaDocument,
  own?: ApiSchemaDocument,
): { readonly supplement: ApiSchemaDocument | undefined; readonly shipped: readonly ShippedFacts[] } {
  const projects = isJsonObject(root) ? root.get('projectSchemas') : undefined;
  // what is malformed is reported by the conversion
  if (!isJsonObject(projects) || (own !== undefined && !isJsonObject(own.root)))
    return { supplement: own, shipped: [] };
  const members = new Map<string, JsonValue>(own !== undefined && isJsonObject(own.root) ? own.root : []);
  const shipped: ShippedFacts[] = [];
  for (const project of projects.values()) {
    if (!isJsonObject(project)) continue;
    const name = `${project.get('projectName')} ${project.get('projectVersion')}`;
    const resources = project.get('resourceSchemas');
    const digits = shippedDigits[name] ?? {};
    const durations = shippedDurations[name] ?? {};
    const known = { project: name, numbers: 0, durations: 0 };
    for (const endpoint of new Set([...Object.keys(digits), ...Object.keys(durations)])) {
      const resource = isJsonObject(resources) ? resources.get(endpoint) : undefined;
      const given = members.get(endpoint);
      if (!isJsonObject(resource) || (given !== undefined && !isJsonObject(given))) continue;
      const own: Members = new Map(given);
      known.numbers += addDigits(digits[endpoint] ?? {}, resource, own);
      known.durations += addDurations(durations[endpoint] ?? [], resource, own);
      if (own.size > (given?.size ?? 0)) members.set(endpoint, own);
    }
    if (known.numbers + known.durations > 0) shipped.push(known);
  }
  return { supplement: members.size === 0 ? own : { file: own?.file ?? file, root: members }, shipped };
}

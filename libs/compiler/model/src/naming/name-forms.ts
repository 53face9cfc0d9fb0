import { type JsonPath, propertyNames } from '@dms/api-schema';

/** An identifier as derived from the schema set, of any length (design 03 §6.4). */
export type FullName = string & { readonly nameForm?: 'full' };

/** An identifier in the database of one dialect: the full-length name, or its shortened form. */
export type FinalName = string & { readonly nameForm?: 'final' };

const plainName = /^[A-Za-z][A-Za-z0-9]*$/;
const letterOrDigit = /[\p{L}\p{Nd}]/u;

/**
 * Removes everything except letters and digits and upper-cases the first letter of each run; the rest keeps its case
 * (design 03 §2.2). Works on UTF-16 code units, so surrogate halves separate.
 */
export function pascalCase(text: string): string {
  // nearly every name is already plain ASCII camel case
  if (plainName.test(text)) return text.charAt(0).toUpperCase() + text.slice(1);
  let out = '';
  let upperNext = true;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charAt(index);
    if (!letterOrDigit.test(unit)) upperNext = true;
    else {
      out += upperNext ? upperUnit(unit) : unit;
      upperNext = false;
    }
  }
  return out;
}

/** One-to-one upper case; a letter whose upper case is longer than one unit (`ß`) stays as it is. */
function upperUnit(unit: string): string {
  const upper = unit.toUpperCase();
  return upper.length === 1 ? upper : unit;
}

/** `pascalCase` of each name, concatenated. */
export function pascalCaseAll(names: readonly string[]): string {
  return names.map(pascalCase).join('');
}

/**
 * Removes a plural ending by four mechanical rules, without a dictionary (design 03 §2.3): `addresses` → `address`, but
 * also `courses` → `cours`. The odd results are names of existing tables and must stay.
 */
export function singularize(name: string): string {
  const lower = name.toLowerCase();
  if (lower.endsWith('ies')) return `${name.slice(0, -3)}y`;
  if (/(?:ches|shes|xes|zes|ses)$/.test(lower)) return name.slice(0, -2);
  if (lower.endsWith('s') && !lower.endsWith('ss')) return name.slice(0, -1);
  return name;
}

/**
 * Singulars of words that the rules of `singularize` miss, and of words that look so but are right. A line fits the last
 * word of a name, and the first that fits counts.
 */
const usualSingulars: readonly (readonly [plural: RegExp, singular: string])[] = [
  [/^(api|cpu|emu|guru|kpi|menu|taxi|uri)s$/i, '$1'],
  [/[iu]s$|^(?:time)?series$|^(?:sub)?species$|^(?:alias|atlas|bias|canvas|gas|lens)$/i, '$&'],
  [/^((?:calor|cook|hood|mov|p|rook|t)ie)s$/i, '$1'],
  [/((?:[^eot]a|[^e]e|^cli|^ni)che)s$/i, '$1'],
  [/^(quiz|topaz)z?es$/i, '$1'],
  [/([^tz]ze)s$/i, '$1'],
  [/((?:cri|gno|ly|nop|the)s)es$/i, '$1is'],
  [/^((?:ab|exc|f|m|mis|r|re|ref)?use)s$/i, '$1'],
  [/(^atlas|^canvas|^gas|^iris|^lens|ias|ss|[^aeiou]us)es$/i, '$1'],
  [/(se)s$/i, '$1'],
  [/^(hal|shel|wol)ves$/i, '$1f'],
  [/^(kni|li)ves$/i, '$1fe'],
  [/^((?:ech|her|potat|tomat|vet|zer)o)es$/i, '$1'],
];

const lastWord = /(?:[A-Z]+|[A-Z]?[a-z0-9]*)$/;

/**
 * The singular that the author of a schema probably expects (design 03 §2.3): `houses` → `house`, `status` → `status`.
 * It knows common endings and words; for any other name it is that of `singularize`.
 */
export function usualSingular(name: string): string {
  const word = lastWord.exec(name)?.[0] ?? '';
  const [plural, singular] = usualSingulars.find(([ending]) => ending.test(word)) ?? [];
  if (plural === undefined || singular === undefined) return singularize(name);
  return name.slice(0, name.length - word.length) + word.replace(plural, singular);
}

/** Schemas that exist besides the schemas of projects (design 03 §2.1). */
export const coreSchema = 'dms';
export const authSchema = 'auth';

/**
 * The database schema of a project: the ASCII letters and digits of the endpoint name in lower case, with the prefix
 * `p` if needed.
 */
export function physicalSchemaName(projectEndpointName: string): FullName {
  const kept = projectEndpointName.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
  return /^[a-z]/.test(kept) ? kept : `p${kept}`;
}

/**
 * Whether the name of a part within its reference is the name of the identity path that it repeats (design 15 §8.1).
 */
export function isFieldMatchedPart(
  referenceObjectPath: JsonPath,
  referenceJsonPath: JsonPath,
  identityJsonPath: JsonPath,
): boolean {
  const field = pascalCaseAll(propertyNames(referenceJsonPath.segments.slice(referenceObjectPath.segments.length)));
  return field === pascalCaseAll(propertyNames(identityJsonPath.segments));
}

const referenceSuffix = /Reference$/;

/** Whether a reference has another name than its target resource (design 15 §5). */
export function isReferenceRoleNamed(referenceObjectPath: JsonPath, targetResourceName: string): boolean {
  return pascalCase(lastName(referenceObjectPath).replace(referenceSuffix, '')) !== targetResourceName;
}

const lastName = ({ segments }: JsonPath) => propertyNames(segments).at(-1) ?? '';

/** Whether a descriptor value has another name than its descriptor resource (design 15 §5). */
export function isDescriptorRoleNamed(valuePath: JsonPath, descriptorResourceName: string): boolean {
  const name = lastName(valuePath);
  const isElement = valuePath.segments.at(-1)?.kind === 'anyElement';
  return pascalCase(isElement ? singularize(name) : name) !== descriptorResourceName;
}

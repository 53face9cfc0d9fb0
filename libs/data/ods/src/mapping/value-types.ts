import { everyItem, pathSteps } from '@dms/api-schema';
import { fallbackDecimal } from '@dms/model';
import { kindFacts, kindOfSchema } from '@dms/sql';
import { isJsonArray, isJsonObject, JsonNumber, type JsonObject, type JsonValue } from '@dms/values';
import type { OdsType } from './ods-mapping.ts';

/** A property in the JSON schema of a resource. */
interface SchemaProperty {
  readonly node: JsonObject;
  /** Whether the object that holds it requires it. */
  readonly isRequired: boolean;
}

/** The property at a path; undefined where the JSON schema lacks it. */
export function schemaProperty(root: JsonObject, path: string): SchemaProperty | undefined {
  let found: SchemaProperty = { node: root, isRequired: true };
  for (const step of pathSteps(path)) {
    const { node, isRequired } = found;
    const [properties, required] = [node.get('properties'), node.get('required')];
    const isItem = step === everyItem;
    const inner = isItem ? node.get('items') : isJsonObject(properties) ? properties.get(step) : undefined;
    if (!isJsonObject(inner)) return undefined;
    found = { node: inner, isRequired: isItem ? isRequired : isJsonArray(required) && required.includes(step) };
  }
  return found;
}

/** The digits of the decimals of a resource, by path (design 01 §2.4). */
export function decimalDigits(resourceSchema: JsonObject): ReadonlyMap<string, { precision: number; scale: number }> {
  const infos = resourceSchema.get('decimalPropertyValidationInfos');
  return new Map(
    (isJsonArray(infos) ? infos : []).flatMap((info) => {
      if (!isJsonObject(info)) return [];
      const precision = digitsOf(info.get('totalDigits'));
      const scale = digitsOf(info.get('decimalPlaces'));
      return precision === undefined || scale === undefined ? [] : [[String(info.get('path')), { precision, scale }]];
    }),
  );
}

const digitsOf = (value: JsonValue | undefined) => (value instanceof JsonNumber ? Number(value.lexeme) : undefined);

export const schoolYearType: OdsType = { kind: 'smallint' };
export const descriptorType: OdsType = { kind: 'int' };
export const usiType: OdsType = { kind: 'int' };
const moneyDigits = { precision: 19, scale: 4 };

/** Facts about a value that its JSON schema does not hold. */
interface ValueFacts {
  readonly digits: { readonly precision: number; readonly scale: number } | undefined;
  /** Whether it identifies a subclass whose abstract resource has one identity path. */
  readonly isWideIdentity: boolean;
  /** A type that nothing in the schema shows: a year, or a decimal that has the digits of money but is not money. */
  readonly known: 'year' | 'decimal' | undefined;
}

/** The type of a value (design 19 §5.6). */
export function valueType(
  node: JsonObject | undefined,
  { digits = fallbackDecimal, isWideIdentity, known }: ValueFacts,
): OdsType {
  if (known === 'year') return schoolYearType;
  const { odsType } = kindFacts[kindOfSchema(node?.get('type'), node?.get('format')) ?? 'String'];
  switch (odsType) {
    case 'int':
      if (isWideIdentity) return { kind: 'bigint' };
      return node !== undefined && isYear(node) ? schoolYearType : { kind: 'int' };
    case 'decimal': {
      const isMoney = digits.precision === moneyDigits.precision && digits.scale === moneyDigits.scale;
      return isMoney && known !== 'decimal' ? { kind: 'money' } : { kind: 'decimal', ...digits };
    }
    case 'string':
      return { kind: 'string', maxLength: digitsOf(node?.get('maxLength')) ?? durationLength };
    default:
      return { kind: odsType };
  }
}

const years = { first: 1900, last: 2100 };

const isYear = (node: JsonObject) =>
  digitsOf(node.get('minimum')) === years.first && digitsOf(node.get('maximum')) === years.last;

const durationLength = 30;

/** The narrowest type that holds the values of both types, which are of the same kind. */
export function widerType(left: OdsType, right: OdsType): OdsType {
  if (left.kind === 'string' && right.kind === 'string')
    return { kind: 'string', maxLength: Math.max(left.maxLength, right.maxLength) };
  if (left.kind === 'decimal' && right.kind === 'decimal') {
    const scale = Math.max(left.scale, right.scale);
    const digits = Math.max(left.precision - left.scale, right.precision - right.scale);
    return { kind: 'decimal', precision: digits + scale, scale };
  }
  return wholeKinds.indexOf(right.kind) > wholeKinds.indexOf(left.kind) ? right : left;
}

export const isNumber = ({ kind }: OdsType) => [...wholeKinds, 'decimal', 'money'].includes(kind);

/** Whether both types are whole numbers, and the second has room for every value of the first. */
export function isWholeWithin({ kind }: OdsType, wider: OdsType): boolean {
  const [own, other] = [wholeKinds.indexOf(kind), wholeKinds.indexOf(wider.kind)];
  return own >= 0 && own <= other;
}

/** Types of whole numbers, the narrowest first. */
const wholeKinds: readonly OdsType['kind'][] = ['smallint', 'int', 'bigint'];

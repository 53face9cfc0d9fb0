import * as builder from '../schema-builder.ts';
import { camel } from './numbered-names.ts';
import {
  booleanType,
  type DraftedValueType,
  dateTimeType,
  dateType,
  decimalType,
  descriptorType,
  enumerationType,
  int32Type,
  int64Type,
  type ObjectDraft,
  type SchemaDraft,
  stringType,
  timeType,
  vagueDecimalType,
} from './schema-drafts.ts';
import { chosen, type SchemaSetDraft, visible } from './schema-set-draft.ts';

export function valueType(set: SchemaSetDraft, index: number, project: string): DraftedValueType {
  const descriptor = chosen(visible(set.descriptors, project), set.names.last);
  switch (index) {
    case 1:
      return int32Type;
    case 2:
      return stringType(20);
    case 3:
      return dateType;
    case 4:
      return descriptor ? descriptorType(descriptor.label) : stringType(60);
    case 5:
      return int64Type;
    case 6:
      return decimalType(9, 2);
    case 7:
      return booleanType;
    case 8:
      return dateTimeType;
    case 9:
      return timeType;
    case 10:
    case 11:
      return vagueDecimalType(index === 11);
    case 12:
      return stringType(1);
    case 13:
      return decimalType(2, 0);
    case 14:
      return enumerationType;
    case 15:
      return decimalType(2, 1);
    default:
      return stringType(60);
  }
}

/** The type of a key: never a number without precision; at most one key of an identity per descriptor. */
export function keyType(
  set: SchemaSetDraft,
  index: number,
  project: string,
  taken: readonly DraftedValueType[],
): DraftedValueType {
  const type = valueType(set, index === 10 || index === 11 ? 0 : index, project);
  return type.descriptor !== undefined && taken.some(({ text }) => text === type.text) ? stringType(60) : type;
}

/**
 * A descriptor key has the name of its descriptor, so that an abstract resource names it correctly (design 02 §4 step
 * 3).
 */
export function keyName(set: SchemaSetDraft, type: DraftedValueType, isLong: boolean): string {
  return type.descriptor === undefined ? set.names.field('key', isLong) : camel(type.descriptor.split(':')[1] ?? '');
}

export function addValue(
  set: SchemaSetDraft,
  schema: SchemaDraft,
  at: ObjectDraft,
  name: string,
  type: DraftedValueType,
  isRequired: boolean,
): string {
  at.add(name, type.schema, isRequired);
  return mapValue(set, schema, `${at.path}.${name}`, at.scope, type);
}

export function mapValue(
  set: SchemaSetDraft,
  schema: SchemaDraft,
  path: string,
  scope: string,
  type: DraftedValueType,
): string {
  schema.mapping[`Value${set.names.next()}`] =
    type.descriptor === undefined ? builder.scalarPath(path) : builder.descriptorPath(type.descriptor, path);
  addDecimalInfo(schema, path, type);
  schema.resource.values.push({ path, scope, type, reference: undefined });
  return path;
}

export function addDecimalInfo(schema: SchemaDraft, path: string, { digits }: DraftedValueType): void {
  if (digits) schema.decimals.push({ path, totalDigits: digits[0], decimalPlaces: digits[1] });
}

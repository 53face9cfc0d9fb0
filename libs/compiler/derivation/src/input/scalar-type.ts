import { counted } from '@dms/diagnostics';
import { type DecimalPrecisionFallback, fallbackDecimal, type ScalarType } from '@dms/model';
import { kindOfSchema } from '@dms/sql';
import type { ScalarNode } from './insert-schema.ts';
import { failResource } from './resource-entry.ts';

/** An entry of `decimalPropertyValidationInfos`. */
export interface DecimalInfo {
  readonly totalDigits: number | undefined;
  readonly decimalPlaces: number | undefined;
}

/** The treatment of a `number` without precision: fail, or use 18 digits with 4 decimal places. */
type DecimalPolicy = 'required' | { readonly onFallback: (reason: DecimalPrecisionFallback['reason']) => void };

const plain = (kind: ScalarType['kind']): ScalarType => ({ kind, maxLength: null, decimal: null });

export const int32Type = plain('Int32');
export const int64Type = plain('Int64');
export const booleanType = plain('Boolean');
export const dateTimeType = plain('DateTime');
export const stringType = (maxLength: number): ScalarType => ({ kind: 'String', maxLength, decimal: null });

/** The full text of a type for messages: types are equal if and only if their texts are. */
export const typeText = ({ kind, maxLength, decimal }: ScalarType) =>
  `${kind}${maxLength === null ? '' : `(${maxLength})`}${decimal === null ? '' : `(${decimal.precision},${decimal.scale})`}`;

/** The type of a scalar schema node (design 02 §7.3). */
export function deriveScalarType(
  label: string,
  node: ScalarNode,
  decimalInfos: ReadonlyMap<string, DecimalInfo>,
  policy: DecimalPolicy,
): ScalarType {
  const path = node.path.canonical;
  if (node.type === undefined)
    return failResource('SCALAR_TYPE_MISSING', label, `the schema of ${path} has no type`, path);
  const kind = kindOfSchema(node.type, node.format);
  switch (kind) {
    case 'String':
      return deriveStringType(label, node);
    case 'Decimal':
      return deriveDecimalType(label, path, decimalInfos.get(path), policy);
    case undefined: {
      const text = `the type "${node.type}" of ${path} has no column type`;
      return failResource('SCALAR_TYPE_UNSUPPORTED', label, text, path, { type: node.type });
    }
    default:
      return plain(kind);
  }
}

function deriveStringType(label: string, { path: { canonical: path }, maxLength }: ScalarNode): ScalarType {
  if (maxLength === undefined) {
    failResource(
      'STRING_MAX_LENGTH_MISSING',
      label,
      `the string ${path} has no maxLength; every string that is not a date or time needs one`,
      path,
    );
  }
  return stringType(maxLength);
}

function deriveDecimalType(
  label: string,
  path: string,
  info: DecimalInfo | undefined,
  policy: DecimalPolicy,
): ScalarType {
  const { totalDigits, decimalPlaces } = info ?? { totalDigits: undefined, decimalPlaces: undefined };
  const isImpossible =
    (totalDigits !== undefined && totalDigits <= 0) ||
    (decimalPlaces !== undefined && decimalPlaces < 0) ||
    (totalDigits !== undefined && decimalPlaces !== undefined && decimalPlaces > totalDigits);
  if (isImpossible) {
    const facts = [
      ...(totalDigits === undefined ? [] : [counted(totalDigits, 'digit')]),
      ...(decimalPlaces === undefined ? [] : [counted(decimalPlaces, 'decimal place')]),
    ];
    const text = `the decimal ${path} cannot have ${facts.join(' with ')}`;
    failResource('DECIMAL_INFO_INVALID', label, text, path);
  }
  if (totalDigits !== undefined && decimalPlaces !== undefined) {
    return { kind: 'Decimal', maxLength: null, decimal: { precision: totalDigits, scale: decimalPlaces } };
  }
  if (policy === 'required') {
    const text = `the number ${path} of an extension needs totalDigits and decimalPlaces in decimalPropertyValidationInfos`;
    failResource('DECIMAL_INFO_MISSING', label, text, path);
  }
  policy.onFallback(info ? 'incomplete' : 'missing');
  return { kind: 'Decimal', maxLength: null, decimal: fallbackDecimal };
}

import type { DecimalPrecisionFallback, ScalarType } from '@dms/model';
import type { ScalarNode } from './insert-schema.ts';
import { failResource } from './resource-entry.ts';

/** An entry of `decimalPropertyValidationInfos`. */
export interface DecimalInfo {
  readonly totalDigits: number | undefined;
  readonly decimalPlaces: number | undefined;
}

/** What to do with a `number` without precision: fail, or use 18 digits with 4 decimal places. */
export type DecimalPolicy = 'required' | { readonly onFallback: (reason: DecimalPrecisionFallback['reason']) => void };

const fallbackPrecision = { precision: 18, scale: 4 };

const plain = (kind: ScalarType['kind']): ScalarType => ({ kind, maxLength: null, decimal: null });

export const int32Type = plain('Int32');
export const int64Type = plain('Int64');
export const booleanType = plain('Boolean');
export const dateTimeType = plain('DateTime');
export const stringType = (maxLength: number): ScalarType => ({ kind: 'String', maxLength, decimal: null });

/** The full text of a type for messages: types are equal if and only if their texts are. */
export const typeText = ({ kind, maxLength, decimal }: ScalarType) =>
  `${kind}${maxLength === null ? '' : `(${maxLength})`}${decimal === null ? '' : `(${decimal.precision},${decimal.scale})`}`;

function stringTypeOf(label: string, { path: { canonical: path }, format, maxLength }: ScalarNode): ScalarType {
  if (format === 'date') return plain('Date');
  if (format === 'date-time') return plain('DateTime');
  if (format === 'time') return plain('Time');
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

function decimalTypeOf(label: string, path: string, info: DecimalInfo | undefined, policy: DecimalPolicy): ScalarType {
  const { totalDigits, decimalPlaces } = info ?? { totalDigits: undefined, decimalPlaces: undefined };
  const isImpossible =
    (totalDigits !== undefined && totalDigits <= 0) ||
    (decimalPlaces !== undefined && decimalPlaces < 0) ||
    (totalDigits !== undefined && decimalPlaces !== undefined && decimalPlaces > totalDigits);
  if (isImpossible) {
    const text = `the decimal ${path} cannot have ${totalDigits} digits with ${decimalPlaces} decimal places`;
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
  return { kind: 'Decimal', maxLength: null, decimal: fallbackPrecision };
}

/** The type of a scalar schema node (design 02 §7.3). Throws `SCALAR_*`, `STRING_MAX_LENGTH_MISSING`, `DECIMAL_*`. */
export function scalarTypeOf(
  label: string,
  node: ScalarNode,
  decimalInfos: ReadonlyMap<string, DecimalInfo>,
  policy: DecimalPolicy,
): ScalarType {
  const path = node.path.canonical;
  switch (node.type) {
    case undefined:
      return failResource('SCALAR_TYPE_MISSING', label, `the schema of ${path} has no type`, path);
    case 'string':
      return stringTypeOf(label, node);
    case 'integer':
      return node.format === 'int64' ? int64Type : int32Type;
    case 'number':
      return decimalTypeOf(label, path, decimalInfos.get(path), policy);
    case 'boolean':
      return plain('Boolean');
    default:
      return failResource('SCALAR_TYPE_UNSUPPORTED', label, `the type "${node.type}" of ${path} has no column type`, path, {
        type: node.type,
      });
  }
}

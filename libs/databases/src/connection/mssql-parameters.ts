import type { MssqlDriver, MssqlRequest, MssqlResult } from './mssql-driver.ts';

/** A value and the SQL type that it is declared with; null where the value decides. */
export interface MssqlParameter {
  readonly value: unknown;
  readonly type: string | null;
}

/** The lengths of texts without a column; longer ones are `nvarchar(max)`. Few lengths make few plans. */
const textLengths = [50, 400, 4000] as const;

/** The type of a value that is not compared with a column. */
function typeOfValue(value: unknown): string {
  switch (typeof value) {
    case 'boolean':
      return 'bit';
    case 'bigint':
      return 'bigint';
    case 'number':
      return Number.isInteger(value) ? 'bigint' : 'float';
    default: {
      const needed = value === null || value === undefined ? 0 : String(value).length;
      return `nvarchar(${textLengths.find((length) => needed <= length) ?? 'max'})`;
    }
  }
}

/** The types of parameters as `sp_executesql` declares them: `@p1 bigint, @p2 nvarchar(75)`. */
export const declarations = (parameters: readonly MssqlParameter[]): string =>
  parameters.map(({ value, type }, index) => `@p${index + 1} ${type ?? typeOfValue(value)}`).join(', ');

/**
 * Runs a text with parameters (design 09 §1.5). Values are sent as text, and the server converts each to its declared
 * type before it runs the statement: the client would declare a text by its own length, and would turn decimals into
 * floating-point numbers and moments into `Date`s, which lose digits.
 */
export function executeWithParameters(
  driver: MssqlDriver,
  request: MssqlRequest,
  text: string,
  parameters: readonly MssqlParameter[],
): Promise<MssqlResult> {
  request.input('statement', driver.NVarChar, text);
  request.input('params', driver.NVarChar, declarations(parameters));
  parameters.forEach(({ value }, index) => {
    const name = `p${index + 1}`;
    if (typeof value === 'boolean') request.input(name, driver.Bit, value);
    else request.input(name, driver.NVarChar, value === null || value === undefined ? null : String(value));
  });
  return request.execute('sp_executesql');
}

import type { RoutineDefinition } from '@dms/catalog';
import { core } from '@dms/model';
import { literal } from '../../mssql/body-text.ts';
import { uuidv5Definition } from '../../mssql/uuidv5.ts';

const { schema, name } = core.changeVersionSequence;

const definitions: Readonly<Record<RoutineDefinition['kind'], () => string[]>> = {
  uuidv5: uuidv5Definition,
  getMaxChangeVersion: () => [
    '()',
    'RETURNS bigint',
    'AS',
    'BEGIN',
    '    RETURN (',
    '        SELECT CONVERT(bigint, q.current_value)',
    '        FROM sys.sequences AS q',
    '        INNER JOIN sys.schemas AS s ON s.schema_id = q.schema_id',
    `        WHERE s.name = ${literal(schema)} AND q.name = ${literal(name)}`,
    '    );',
    'END;',
  ],
  throwError: () => {
    throw new Error('SQL Server has no function throw_error');
  },
};

/** The functions of schema `dms`, from their parameters on (design 16 §2.4). */
export const routineDefinition = (kind: RoutineDefinition['kind']): string[] => definitions[kind]();

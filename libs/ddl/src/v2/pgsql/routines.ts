import type { RoutineDefinition } from '@dms/catalog';
import { core } from '@dms/model';
import { qualified } from '../../pgsql/body-text.ts';
import { uuidv5Body } from '../../pgsql/uuidv5.ts';

const bodies: Readonly<Record<RoutineDefinition['kind'], () => string[]>> = {
  // the catalog expects pgcrypto in its usual schema
  uuidv5: () => uuidv5Body('public'),
  getMaxChangeVersion: () => [
    'BEGIN',
    `    RETURN (SELECT s.last_value FROM ${qualified(core.changeVersionSequence)} AS s);`,
    'END',
  ],
  throwError: () => ['BEGIN', '    RAISE EXCEPTION USING ERRCODE = code, MESSAGE = msg;', 'END'],
};

/** The functions of schema `dms` that are not the body of a trigger (design 16 §2.4). */
export const routineBody = (kind: RoutineDefinition['kind']): string[] => bodies[kind]();

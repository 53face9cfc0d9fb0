import { mustExist } from '@dms/model';
import { type Batch, isOperator, type Token } from '@dms/sql';
import type { Script } from './tsql-script.ts';

/** What is wrong with a script in one respect, a text for each fault. */
export type Check = (script: Script) => string[];

export const moduleOf = (script: Script, batch: Batch) => script.modules.find((module) => module.batch === batch);

/** The value of a token that the form of its statement guarantees: what has another form is no {@link Script}. */
export const valueAt = (tokens: readonly Token[], index: number): string =>
  mustExist(tokens[index], 'a token that the form of a statement has').value;

/** The statements of a module body: its tokens cut at semicolons. */
export function statementsOf(tokens: readonly Token[]): Token[][] {
  const statements: Token[][] = [[]];
  for (const token of tokens) {
    if (isOperator(token, ';')) statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}

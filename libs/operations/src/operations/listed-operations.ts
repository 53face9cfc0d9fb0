import type { Operation } from '../operation/operation.ts';
import { factsOf } from '../operation/option.ts';
import { allArguments } from '../operation/subject.ts';
import { operations } from './index.ts';

/** What the help of the program shows of an operation. */
export interface ListedOperation extends Pick<Operation, 'name' | 'group' | 'summary'> {
  /** The values without a name, as `<file>`. */
  readonly places: readonly string[];
}

/**
 * All operations as the help of the program lists them. The bundle of the command line has the value in place of this
 * module (`tools/build/bundle.ts`), so that the help starts without the work of the operations.
 */
export async function listedOperations(): Promise<readonly ListedOperation[]> {
  const loaded = await Promise.all(Object.values(operations).map(({ load }) => load()));
  return loaded.flat().map((operation) => {
    const places = Object.values(allArguments(operation)).map((value) => factsOf(value).metavariable ?? '');
    return { name: operation.name, group: operation.group, summary: operation.summary, places };
  });
}

import type { Statement } from '@dms/databases';

/** A parameter between the texts of a statement. */
export interface Parameter {
  readonly parameter: unknown;
}

export type StatementPart = string | Parameter;

function statementOf(parts: readonly StatementPart[], hasRows: boolean): Statement {
  const pieces: string[] = [''];
  const parameters: unknown[] = [];
  for (const part of parts) {
    if (typeof part === 'string') pieces.push(`${pieces.pop() ?? ''}${part}`);
    else {
      parameters.push(part.parameter);
      pieces.push('');
    }
  }
  return { pieces, parameters, hasRows };
}

/** A statement that answers with rows. */
export const query = (...parts: readonly StatementPart[]): Statement => statementOf(parts, true);

/** A statement that answers with nothing. */
export const command = (...parts: readonly StatementPart[]): Statement => statementOf(parts, false);

export const value = (parameter: unknown): Parameter => ({ parameter });

/** No name and no text of a plan has it, so a text can be taken apart where it stands. */
const mark = '\u0000';

/** A text of a plan whose placeholders become parameters: `render` writes what `place` gives it wherever one stands. */
export function planStatement<Place>(
  render: (placeholder: (place: Place) => string) => string,
  parameterOf: (place: Place) => unknown,
  hasRows: boolean,
): Statement {
  const parameters: unknown[] = [];
  const text = render((place) => {
    parameters.push(parameterOf(place));
    return mark;
  });
  return { pieces: text.split(mark), parameters, hasRows };
}

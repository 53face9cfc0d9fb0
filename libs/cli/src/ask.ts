import type { Question } from '@dms/operations';

/**
 * Asks a person on the terminal, who chooses from a list. Undefined if they end the question without an answer.
 */
export async function ask({ text, answers, chosen, several }: Question): Promise<readonly string[] | undefined> {
  // loaded only here: few runs ask something
  const { isCancel, multiselect, select } = await import('@clack/prompts');
  const question = { message: text, options: answers.map((answer) => ({ ...answer })) };
  if (several) {
    const answer = await multiselect({ ...question, initialValues: [...chosen], required: true });
    return isCancel(answer) ? undefined : answer;
  }
  const [first = ''] = chosen;
  const answer = await select({ ...question, initialValue: first });
  return isCancel(answer) ? undefined : [answer];
}

import type { StepNote } from '../operation/context.ts';

/** A statement of an upgrade or of an adoption, as an operation reports it. */
export const stepNote = (
  {
    title,
    subject,
    statement,
    statements,
  }: { readonly title: string; readonly subject: string; readonly statement: number; readonly statements: number },
  more: Partial<StepNote> = {},
): StepNote => ({
  text: `${title}: ${subject} (${statement} of ${statements})`,
  short: `${title} (${statement} of ${statements})`,
  ...more,
});

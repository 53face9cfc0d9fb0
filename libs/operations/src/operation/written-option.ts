import { factsOf } from './option.ts';
import type { Shape } from './subject.ts';

/** The name of an option on the command line. */
export const flagOf = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** How an option is written, for messages: `--since <version>`. */
export function writtenOption(name: string, option: Shape[string]): string {
  const { metavariable } = factsOf(option);
  return metavariable === undefined ? flagOf(name) : `${flagOf(name)} ${metavariable}`;
}

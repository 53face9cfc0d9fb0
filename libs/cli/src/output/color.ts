/**
 * Whether diagnostics are coloured: on a terminal, unless the environment says otherwise. `NO_COLOR` (https://no-color.org)
 * wins over `FORCE_COLOR` (https://force-color.org), whose values `0` and `false` mean no colour.
 */
export function hasColor(environment: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  const { NO_COLOR: no, FORCE_COLOR: force } = environment;
  if (no) return false;
  return force ? !/^(?:0|false)$/i.test(force) : isTerminal;
}

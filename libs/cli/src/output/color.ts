/**
 * Whether diagnostics are coloured: on a terminal, unless the environment says otherwise. `NO_COLOR` (https://no-color.org) goes before
 * `FORCE_COLOR` (https://force-color.org), of which `0` and `false` mean that there is none.
 */
export function hasColor(environment: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  const { NO_COLOR: no, FORCE_COLOR: force } = environment;
  if (no) return false;
  return force ? !/^(?:0|false)$/i.test(force) : isTerminal;
}

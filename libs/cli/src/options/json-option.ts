/** `--json`: results and diagnostics for machines. */
export const jsonOption = ['--json', 'print one JSON object per result or diagnostic'] as const;

export interface JsonOption {
  readonly json?: boolean;
}

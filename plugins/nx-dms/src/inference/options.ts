import { fail } from '@dms/diagnostics';
import { expectedOutputFolder, isInside, nxPath } from '@dms/operations';

/** The options of the plugin in `nx.json`. */
export interface PluginOptions {
  /** The artifacts of a project at `<root>` are written to `<outputDirectory>/<root>`; relative to the workspace. */
  readonly outputDirectory: string;
  /** Prefix of each target name, for workspaces where a name is taken. */
  readonly targetPrefix: string;
}

const defaults: PluginOptions = { outputDirectory: 'dist', targetPrefix: '' };

/**
 * Checks the options of the plugin. Throws `PLUGIN_OPTION_INVALID` for a mistake, which stops every command of Nx,
 * because it is in `nx.json`, not in a file of a project (design 10 §4.1).
 */
export function readOptions(given: unknown): PluginOptions {
  if (given === undefined || given === null) return defaults;
  if (typeof given !== 'object' || Array.isArray(given)) invalid('options', 'an object');
  const options: Record<string, unknown> = { ...defaults, ...given };
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(defaults, name)) invalid(name, `one of ${Object.keys(defaults).join(', ')}`);
    if (typeof value !== 'string') invalid(name, 'a text');
  }
  const { outputDirectory, targetPrefix } = options as unknown as PluginOptions;
  const folder = nxPath(outputDirectory);
  if (outputDirectory === '' || !isInside(folder)) invalid('outputDirectory', 'a folder inside the workspace');
  const expected = expectedOutputFolder(folder);
  if (expected !== undefined) invalid('outputDirectory', expected);
  if (!/^[\w.-]*$/.test(targetPrefix)) invalid('targetPrefix', 'a text of letters, digits, "_", "." and "-"');
  return { outputDirectory: folder, targetPrefix };
}

function invalid(option: string, expected: string): never {
  const message = `The option ${JSON.stringify(option)} of the plugin nx-dms in nx.json is wrong: expected ${expected}.`;
  return fail('PLUGIN_OPTION_INVALID', message, { file: 'nx.json' }, { option, expected });
}

/** A reason why specs fail under Wine that pass on Windows: a gap of Wine, not of the product. */
export interface WineGap {
  readonly reason: string;
  /** Matches the ends of the paths of spec files. */
  readonly files: RegExp;
  readonly tests: RegExp;
}

/** The tests of a file in the form of Vitest's JSON reporter. */
export interface SpecFile {
  readonly name: string;
  readonly status: string;
  readonly message?: string;
  readonly assertionResults: readonly {
    readonly fullName: string;
    readonly status: string;
    readonly failureMessages?: readonly string[] | null;
  }[];
}

const noLinks = 'there are no symbolic links';

export const wineGaps: readonly WineGap[] = [
  { reason: noLinks, files: /file-identity\.spec\.ts$/, tests: /link/ },
  { reason: noLinks, files: /replace-files\.spec\.ts$/, tests: /is named with its cause$|a link to a folder/ },
  { reason: noLinks, files: /write-output\.spec\.ts$/, tests: /one that a link leads to/ },
  { reason: noLinks, files: /create-nodes\.spec\.ts$/, tests: /through a symbolic link/ },
  { reason: noLinks, files: /command-line\.spec\.ts$/, tests: /given twice, by one name or two/ },
  { reason: noLinks, files: /find-schemas\.spec\.ts$/, tests: /two names|behind a link/ },
  { reason: noLinks, files: /schema-files\.spec\.ts$/, tests: /a file that links lead to/ },
];

/** The failures of a file that no gap of Wine explains, with their messages. */
export function failuresOf({ name, status, message = '', assertionResults }: SpecFile): readonly string[] {
  const gaps = wineGaps.filter(({ files }) => files.test(name));
  const failed = assertionResults.filter((each) => each.status === 'failed');
  // a file that cannot be read, or whose set-up failed, has no failed test
  if (status === 'failed' && failed.length === 0) return [`${name}: ${message.split('\n')[0]}`];
  return failed
    .filter(({ fullName }) => !gaps.some(({ tests }) => tests.test(fullName)))
    .map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages?.[0]?.split('\n')[0]}`);
}

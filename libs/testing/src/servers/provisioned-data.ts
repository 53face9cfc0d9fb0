import { sha256Hex } from '@dms/values';

/** The number of data directories that a process keeps: each takes some 40 MB. */
const kept = 4;

/** The data directories of embedded databases in which a script has run; only the last few are kept. */
export class ProvisionedData<Data> {
  private readonly byScript = new Map<string, Data>();

  get(script: string): Data | undefined {
    return this.byScript.get(sha256Hex(script));
  }

  keep(script: string, data: Data): void {
    this.byScript.set(sha256Hex(script), data);
    const [first] = this.byScript.keys();
    if (first !== undefined && this.byScript.size > kept) this.byScript.delete(first);
  }
}

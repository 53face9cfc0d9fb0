// @ts-check
/**
 * Loaded into a process with `--import`: at the end of the process it writes the peak resident memory, in MB, to the
 * file `BENCH_PEAK_FILE`.
 */
import { writeFileSync } from 'node:fs';

process.on('exit', () =>
  writeFileSync(process.env.BENCH_PEAK_FILE ?? '', String(process.resourceUsage().maxRSS / 1024)),
);

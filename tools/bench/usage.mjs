// @ts-check
/**
 * Loaded into a process with `--import`: at the end of the process it writes its processor time in seconds and its peak
 * resident memory in MB, as JSON, to the file `BENCH_USAGE_FILE`.
 */
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const usage = { seconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 };
  writeFileSync(process.env.BENCH_USAGE_FILE ?? '', JSON.stringify(usage));
});

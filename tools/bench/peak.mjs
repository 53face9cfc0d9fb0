/** Loaded into a process with `--import`: at its end it leaves its highest resident memory, in MB, in the file `BENCH_PEAK_FILE`. */
import { writeFileSync } from 'node:fs';

process.on('exit', () => writeFileSync(process.env.BENCH_PEAK_FILE, String(process.resourceUsage().maxRSS / 1024)));

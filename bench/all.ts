import { spawnSync } from 'node:child_process'

/** Runs the benchmarks that need no data, one after the other, each for at most so long. */
const TIMEOUT_MS = 1_800_000
let failed = 0
for (const file of [
  'commits',
  'http',
  'evaluate',
  'guards',
  'stop',
  'workflows',
  'changes',
  'vault',
  'speech',
  'new-name',
  'architecture',
  'memory',
  'start',
]) {
  console.log(`\n# ${file}`)
  const { status } = spawnSync(process.execPath, [`bench/${file}.ts`], {
    stdio: 'inherit',
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  })
  if (status !== 0) failed += 1
}
process.exitCode = failed === 0 ? 0 : 1

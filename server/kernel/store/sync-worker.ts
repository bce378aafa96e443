import { fdatasyncSync, fstatSync, openSync, statSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { SYNC } from './sync-signals.ts'

const { path, shared } = workerData as { path: string; shared: SharedArrayBuffer }
const log = `${path}-wal`
const signals = new Int32Array(shared)
let descriptor: number | undefined

/** Syncs the log and proves that what was synced is still the file at the path: a replaced log would take the commits with it. */
function sync(): void {
  descriptor ??= openSync(log, 'r+')
  fdatasyncSync(descriptor)
  const synced = fstatSync(descriptor)
  const there = statSync(log)
  if (synced.nlink !== 1 || synced.ino !== there.ino || synced.dev !== there.dev) {
    throw new Error(`${log} was replaced while it was being written.`)
  }
}

for (let asked = 0; ;) {
  Atomics.wait(signals, SYNC.asked, asked)
  asked = Atomics.load(signals, SYNC.asked)
  try {
    sync()
  } catch (error) {
    Atomics.store(signals, SYNC.failed, 1)
    parentPort?.postMessage(String(error))
  }
  Atomics.store(signals, SYNC.done, asked)
  Atomics.notify(signals, SYNC.done)
}

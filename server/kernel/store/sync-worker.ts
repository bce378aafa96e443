import { fdatasyncSync, fstatSync, openSync, statSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'

const log = `${(workerData as { path: string }).path}-wal`
let descriptor: number | undefined

/** Syncs the log and proves that what was synced is still the file at the path: a replaced log would take the commits with it. */
function sync(): number {
  descriptor ??= openSync(log, 'r+')
  fdatasyncSync(descriptor)
  const synced = fstatSync(descriptor)
  const there = statSync(log)
  if (synced.nlink !== 1 || synced.ino !== there.ino || synced.dev !== there.dev) {
    throw new Error(`${log} was replaced while it was being written.`)
  }
  return synced.size
}

parentPort?.on('message', () => {
  try {
    parentPort?.postMessage({ value: sync() })
  } catch (error) {
    parentPort?.postMessage({ error: String(error) })
  }
})
